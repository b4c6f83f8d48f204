// Command practice-tenant runs the practice tenant on its own: a pretend
// Microsoft cloud on loopback, for scripts, foreign clients and practice.
//
// Its first line on standard output is JSON with all addresses and accounts;
// hints for people go to standard error. It ends on SIGINT or SIGTERM.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"entrada/internal/practice"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command(os.Stdout, os.Stderr).ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "practice-tenant:", err)
		os.Exit(2)
	}
}

func command(out, hints io.Writer) *cobra.Command {
	var o practice.Options
	c := &cobra.Command{
		Use:   "practice-tenant",
		Short: "A pretend Microsoft cloud on this computer",
		Long: "A pretend Microsoft cloud on this computer: sign-in, Graph and admin center.\n" +
			"It asks for no passwords and answers on loopback only.\n\n" + pointing + "\nFaults:\n" + faultList(),
		Args: cobra.NoArgs, SilenceUsage: true, SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if on, _ := cmd.Flags().GetBool("licences"); on {
				return printLicences(out)
			}
			return run(cmd.Context(), o, out, hints)
		},
	}
	f := c.Flags()
	f.Bool("licences", false, "print the licences of what is inside the program and exit")
	f.StringVar(
		&o.Listen, "listen", "127.0.0.1:0",
		"loopback address; a fixed port P is for sign-in, P+1 Graph, P+2 the admin center, P+3 TLS")
	f.StringVar(&o.TLSDir, "tls-dir", "", "folder for a certificate authority; serves TLS for the hosts")
	f.StringSliceVar(&o.Hosts, "host", nil, "host name to serve over TLS (repeatable)")
	f.DurationVar(&o.Latency, "latency", 0, "added to every answer, such as 80ms")
	f.StringArrayVar(&o.Faults, "fault", nil, "fault to start with: name, name=value, name*times (repeatable)")
	f.IntVar(&o.Tenants, "tenants", 1, "number of organisations; with --state, a least number")
	f.StringVar(&o.StateFile, "state", "", "file in which everything outlasts a restart; made if it does not exist")
	return c
}

func run(ctx context.Context, o practice.Options, out, hints io.Writer) error {
	s, err := practice.Start(ctx, o)
	if err != nil {
		return err
	}
	info := s.Info()
	if err := json.NewEncoder(out).Encode(info); err != nil {
		return err
	}
	fmt.Fprintf(
		hints, "Practice tenant. Nothing here touches Microsoft.\n  Admin center  %s\n  Mailboxes     "+
			"%s/mailboxes\n  Faults        %s/_practice/faults\n  Administrator %s (no password)\nStop with Ctrl+C.\n",
		info.Portal, info.Portal, info.Portal, info.Tenants[0].Accounts[0].Address)
	for _, note := range s.Notes() {
		fmt.Fprintln(hints, "Note:", note)
	}
	<-ctx.Done()
	return s.Close()
}
