package main

import (
	"fmt"
	"io"

	"entrada/assets"
	"entrada/internal/practice/faults"
)

// pointing is how other programs are made to take this for Microsoft.
const pointing = `A program that knows Microsoft's addresses alone, such as entrada-cli, is pointed
here on Linux by host name, on a computer that is there for nothing else:

  1. Write into /etc/hosts:
     127.0.0.1 login.microsoftonline.com graph.microsoft.com entra.microsoft.com
  2. Let TLS answer on port 443, which is the fourth port (as root, or with the
     right to low ports):
     practice-tenant --listen 127.0.0.1:440 --tls-dir ca \
       --host login.microsoftonline.com --host graph.microsoft.com --host entra.microsoft.com
  3. Let the program trust the certificate authority that was made:
     SSL_CERT_FILE=$PWD/ca/ca.pem entrada-cli test --all

Take the line out of /etc/hosts afterwards.
`

func faultList() string {
	list := ""
	for _, f := range faults.Table() {
		list += fmt.Sprintf("  %-26s %s\n", f.Name, f.Description)
	}
	return list
}

func printLicences(out io.Writer) error {
	_, err := io.WriteString(out, assets.Licences)
	return err
}
