package main

import (
	"flag"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// asProgram makes the test binary behave as the program.
const asProgram = "KAKAOWASM_TEST_AS_PROGRAM"

// atOnce is how many parallel tests run at a time. Those of faults wait for time
// limits more than they work, on few processors too.
const atOnce = "4"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	flag.Parse()
	if err := flag.Set("test.parallel", atOnce); err != nil {
		panic(err) // it is a number
	}
	goleak.VerifyTestMain(m)
}
