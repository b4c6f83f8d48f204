package parts

import "testing"

// A slot that was never drawn has no size of its own to compare with; the page
// around it has to make room all the same.
func TestASlotBelowTheFoldMakesRoomAndIsShown(t *testing.T) {
	slot := NewSlot()
	d := show(t, Room(10, 900), slot)
	content := d.shell.content
	before := content.Content.Size().Height

	slot.Fill(NewCallout(ToneGood, "Saved.", "Only you can read it."))
	for content.Offset.Y == 0 {
		d.pump()
	}
	if after := content.Content.Size().Height; after <= before {
		t.Errorf("the page is %v high with the slot filled, %v before", after, before)
	}
	slot.Clear()
	if again := content.Content.Size().Height; again != before {
		t.Errorf("the page is %v high with the slot empty again, %v before", again, before)
	}
}
