package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// runner is a command with its options read. What it reports goes to out.
type runner interface {
	Run(ctx context.Context, out io.Writer) error
}

// newProgram is the command line of the program. The library for it calls nothing by
// name: where one does, the linker keeps every method of every library, and the
// program weighs twice as much.
func newProgram() *cobra.Command {
	root := &cobra.Command{
		Use:           "kakaowasm",
		Short:         "Kakao Login for the web: token server, local platform, demo, examination of a setup.",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.CompletionOptions.DisableDefaultCmd = true
	version := root.Flags().Bool("version", false, "Print the version.")
	root.RunE = func(c *cobra.Command, _ []string) error {
		if !*version {
			return errors.New("expected a command; kakaowasm --help lists them")
		}
		_, err := fmt.Fprintln(c.OutOrStdout(), kakao.Version)
		return err
	}
	emulate := newCommand("emulate", "Run a local Kakao platform, for development and tests.", &EmulateCmd{})
	emulate.AddCommand(
		newCommand("init", "Write a seed file to begin with.", &EmulateInitCmd{}),
		newCommand("schema", "Print the JSON Schema of a seed file, for editors.", &EmulateSchemaCmd{}),
	)
	store := &cobra.Command{Use: "store", Short: "Look after the file of a store: check it, compact it.", RunE: func(*cobra.Command, []string) error {
		return errors.New("expected check or compact; kakaowasm store --help says more")
	}}
	store.AddCommand(
		newCommand("check", "Say what a store file holds, and whether it is damaged. Stop the server first.", &StoreCheckCmd{}),
		newCommand("compact", "Write a store file anew, with every login that can be read, and keep a damaged one beside it. Stop the server first.", &StoreCompactCmd{}),
	)
	root.AddCommand(
		newCommand("serve", "Run the token server.", &ServeCmd{}),
		newCommand("health", "Ask a token server on this machine whether it is well.", &HealthCmd{}),
		newCommand("keygen", "Make a key that encrypts logins.", &KeygenCmd{}),
		store,
		emulate,
		newCommand("calls", "Show what an emulator is asked, and follow it.", &CallsCmd{}),
		newCommand("demo", "Run a demo page with a token server, against the emulator or the real Kakao.", &DemoCmd{}),
		newCommand("doctor", "Find the mistakes in a Kakao Login setup, with cause and cure.", &DoctorCmd{}),
	)
	root.SetUsageFunc(printUsage)
	return root
}

// newCommand is a command with its options.
func newCommand(name, help string, r runner) *cobra.Command {
	options := newFlags(r)
	c := &cobra.Command{
		Use:   name,
		Short: help,
		Args:  cobra.NoArgs,
		PreRunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				_ = options.argument.Set(args[0]) // any text
			}
			return options.readEnv()
		},
		RunE: func(c *cobra.Command, _ []string) error {
			if err := r.Run(c.Context(), c.OutOrStdout()); err != nil {
				return runError{name, err}
			}
			return nil
		},
	}
	if detailed, ok := r.(interface{ Help() string }); ok {
		c.Long = help + "\n\n" + detailed.Help()
	}
	if options.argument != nil {
		c.Use, c.Args = name+" FILE", cobra.ExactArgs(1)
	}
	if options.optional {
		c.Use, c.Args = name+" [FILE]", cobra.MaximumNArgs(1)
	}
	c.Flags().SortFlags = false
	c.Flags().SetNormalizeFunc(options.set.GetNormalizeFunc())
	for _, flag := range options.list {
		if env := options.env[flag.Name]; env != "" {
			flag.Usage += " ($" + env + ")"
		}
		c.Flags().AddFlag(flag)
	}
	return c
}

// usageWidth is how many columns --help takes.
const usageWidth = 100

// printUsage is what --help says below what the command is for.
func printUsage(c *cobra.Command) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Usage: %s\n", c.UseLine())
	for i, sub := range c.Commands() {
		if i == 0 {
			b.WriteString("\nCommands:\n")
		}
		if !sub.Hidden {
			fmt.Fprintf(&b, "  %-10s %s\n", sub.Name(), sub.Short)
		}
	}
	fmt.Fprintf(&b, "\nFlags:\n%s", c.LocalFlags().FlagUsagesWrapped(usageWidth))
	_, err := io.WriteString(c.OutOrStderr(), b.String())
	return err
}

// Exit codes, beside 0.
const (
	exitFailure = 1
	exitUsage   = 2
)

// runError is an error of a command that was called rightly.
type runError struct {
	command string
	error
}

// Error begins with the command.
func (e runError) Error() string { return e.command + ": " + e.error.Error() }

// Unwrap returns the error.
func (e runError) Unwrap() error { return e.error }

// usageError is a mistake in how a command was called, which the command has found by itself.
type usageError struct{ error }

// Unwrap returns the mistake.
func (e usageError) Unwrap() error { return e.error }

// errReported ends a command with [exitFailure] that has said by itself what is wrong.
var errReported = errors.New("what is wrong was reported")

// execute runs the program with arguments, says on complaints what went wrong, and
// returns the exit code.
func execute(ctx context.Context, args []string, out, complaints io.Writer) int {
	program := newProgram() //nolint:contextcheck // cobra hands the context to the command
	program.SetArgs(args)
	program.SetOut(out)
	program.SetErr(complaints)
	err := program.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if errors.Is(err, errReported) {
		return exitFailure
	}
	_, _ = fmt.Fprintf(complaints, "kakaowasm: error: %v\n", err)
	var ran runError
	var usage usageError
	if errors.As(err, &ran) && !errors.As(err, &usage) {
		return exitFailure
	}
	return exitUsage
}
