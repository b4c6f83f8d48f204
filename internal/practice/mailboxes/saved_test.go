package mailboxes

import (
	"encoding/json"
	"testing"
	"time"
)

func picture(t *testing.T, s Saved) string {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestSaveAndRestore(t *testing.T) {
	changes := 0
	s := New(time.Now, func() { changes++ })
	s.Open("megan", "megan@contoso.example")
	mail := s.Add("megan", Messages, Item{"subject": "one", "body": map[string]any{"content": "x"}})
	s.AddEvent("megan", Item{"subject": "gone", "transactionId": "t"})
	s.Delete("megan", Events, s.List("megan", Events)[0].Text("id"))
	s.Send("megan", Mail{From: "megan@contoso.example", Subject: "sent", SavedToSent: true}, Item{"subject": "sent"},
		map[string]string{"alex": "alex@contoso.example"})
	saved := s.Save()
	before := picture(t, saved)
	if changes != 5 {
		t.Errorf("%d changes are told", changes)
	}
	s.Open("megan", "megan@contoso.example") // reading is no change
	s.List("megan", Messages)
	if changes != 5 {
		t.Error("reading counts as a change")
	}
	// What happens later does not touch the picture.
	s.Update("megan", Messages, mail.Text("id"), Item{"subject": "two", "body": map[string]any{"content": "y"}})
	s.Delete("megan", Messages, mail.Text("id"))
	s.ChangeSettings("megan", Item{"timeZone": "CET"})
	s.Send("megan", Mail{}, Item{}, nil)
	if picture(t, saved) != before {
		t.Error("the picture changes")
	}

	var read Saved
	if err := json.Unmarshal([]byte(before), &read); err != nil {
		t.Fatal(err)
	}
	back := New(time.Now, nil)
	if err := back.Restore(read); err != nil {
		t.Fatal(err)
	}
	if picture(t, back.Save()) != before {
		t.Error("the picture of the restored store differs")
	}
	if _, duplicate := back.AddEvent("megan", Item{"subject": "again", "transactionId": "t"}); !duplicate {
		t.Error("the transaction of a deleted event is forgotten")
	}
	back.Add("alex", Contacts, Item{"displayName": "new"}) // every list can grow
	back.ChangeSettings("alex", Item{"timeZone": "CET"})
}

func TestPicturesThatAreNone(t *testing.T) {
	for _, bad := range []string{
		`{"boxes":{"":{"settings":{}}}}`, `{"boxes":{"megan":{}}}`, `{"boxes":{"megan":null}}`,
		`{"boxes":{"megan":{"settings":{},"items":{"messages":[null]}}}}`,
		`{"boxes":{"megan":{"settings":{},"removed":{"events":[{"id":7}]}}}}`,
	} {
		var read Saved
		if err := json.Unmarshal([]byte(bad), &read); err != nil {
			t.Fatal(err)
		}
		if New(time.Now, nil).Restore(read) == nil {
			t.Errorf("%s is taken", bad)
		}
	}
	s := New(time.Now, nil)
	var read Saved
	if err := json.Unmarshal([]byte(`{"boxes":{"megan":{"settings":{}}}}`), &read); err != nil ||
		s.Restore(read) != nil {
		t.Fatal(err)
	}
	s.Add("megan", Messages, Item{})
	s.Delete("megan", Messages, s.List("megan", Messages)[0].Text("id"))
}
