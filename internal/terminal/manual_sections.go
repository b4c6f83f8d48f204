package terminal

import "strings"

// The sections that the program's own page has beside those of every page, in
// the form of man(7).

const manualJourney = `.SH HOW IT WORKS
A connection is set up in four parts, in the window and with \fBsetup\fP alike.
.TP
Prepare
Choose the vendor, and type your work address: the organisation is found from it.
.TP
In Microsoft Entra
There are two routes to the same registration. \fIShow me how\fP has one page for each
step in the portal: what to click and why, and the values to copy. What you paste is
judged at once, a Secret ID in place of the Value or a masked value among it, and
Microsoft is asked whether the app exists and the secret opens it. \fIDo it for me\fP:
an administrator signs in, sees the plan, agrees, and can take all of it back. Who lacks
the role does their part and saves a request for the person who has it; that person
opens it in the window or with \fBsetup \-\-request\fP.
.TP
Prove it works
Sign in with your own browser: on a loopback address, with PKCE, the answer posted as a
form. Then one mail goes to yourself, and one calendar event is created, read and
deleted. What was registered by hand can be held against what the vendor needs.
.TP
Hand over
The secret is saved. The vendor gets three things in three ways: a sheet with its own
labels by mail; an encrypted file with the secret by another way; and the passphrase by
phone, where both sides compare a fingerprint. The texts to send are ready. You note who
has it, and may then delete your own copy of the secret.
.PP
Later: look whether the registration is still what the vendor needs, renew the secret
with a time in which both work, export again, and open what others hand over: look at
it, test it, keep it. A test says which link is broken, who can mend it and since when:
for a saved connection, for values that are typed in, or for an exported file. Its
report for a ticket is text, JSON or a page to print, without names and addresses unless
you want them in it. Any error message that is pasted is explained, too.
`

const manualSecrets = `.SH SECRETS
A client secret lies in the keychain of the system, under the service \fIEntrada\fP, in
an item of its own whose name is a hash. One of more than 2,000 bytes lies encrypted in a
file, and its key in the keychain. Where there is no keychain, it stays in memory until
the program ends, or it goes into \fIsecrets.age\fP, behind a passphrase that you choose
and that Entrada does not keep. It is never written to a file that can be read.
.PP
\fIsecrets.age\fP is an age file: \fBage \-d secrets.age\fP shows it, with the secrets in
base64. The passphrase is asked for once each time the program runs. In scripts, give it
with \fB\-\-unlock\-fd\fP, an open file.
.PP
Sign-ins and tokens are in memory alone, until the test is over.
.PP
A secret goes to the clipboard only if you ask for it. It leaves it after 45 seconds, and
when the window closes, unless something else was copied since. Windows, macOS and the
clipboard programs of Linux are told to keep it out of their history; where telling them
failed, the page says so. The way on macOS has not been run yet.
.PP
Programs that run under your own account can read your keychain as well as you can. It
keeps out other people, and whoever takes the disk.
`

// manualJSON says what the commands print as JSON, in the words of their help.
func manualJSON() string {
	return ".SH JSON\n" +
		".SS list \\-\\-json\n" + manualText(listContract) +
		".SS test \\-\\-json\n" + manualText(testContract) +
		".SS export \\-\\-format json\n" + manualText(settingsContract)
}

// manualText is plain text in the form of man(7). Lines that begin with four
// spaces stay as they are.
func manualText(text string) string {
	var b strings.Builder
	as := false // lines stay as they are
	for line := range strings.Lines(text + "\n") {
		line = strings.TrimRight(line, "\n")
		switch indented := strings.HasPrefix(line, "    "); {
		case line == "":
			if as {
				b.WriteString(".fi\n")
			}
			b.WriteString(".PP\n")
			as = false
			continue
		case indented && !as:
			b.WriteString(".nf\n")
			as = true
		}
		line = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(line)
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			line = `\&` + line
		}
		b.WriteString(line + "\n")
	}
	if as {
		b.WriteString(".fi\n")
	}
	return b.String()
}
