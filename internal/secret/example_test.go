package secret_test

import (
	"encoding/json"
	"fmt"

	"entrada/internal/secret"
)

// Whatever prints, logs or marshals a secret writes the same words. Only Reveal returns
// the text.
func Example() {
	v := secret.New("8xK8Q~an-example-of-a-client-secret-value")
	login := struct {
		User     string
		Password secret.Value
	}{"alex@contoso.example", v}

	fmt.Printf("%v %s %q %x\n", v, v, v, v)
	fmt.Printf("%+v\n", login)
	data, _ := json.Marshal(login)
	fmt.Println(string(data))
	fmt.Println(len(v.Reveal()), "characters")
	// Output:
	// [redacted] [redacted] [redacted] [redacted]
	// {User:alex@contoso.example Password:[redacted]}
	// {"User":"alex@contoso.example","Password":"[redacted]"}
	// 41 characters
}

// Two people compare the fingerprint by phone. It says nothing about the secret.
func ExampleValue_Fingerprint() {
	sent := secret.New("8xK8Q~an-example-of-a-client-secret-value")
	received := secret.New("8xK8Q~another-client-secret-value")
	fmt.Println(sent.Fingerprint())
	fmt.Println(received.Fingerprint())
	fmt.Println(sent.Equal(received))
	// Output:
	// ec56 b193
	// f61e 7115
	// false
}
