package bolt_test

import (
	"os"
	"os/exec"
	"testing"

	"go.uber.org/goleak"
)

// Variables that make the test program the child of a test.
const (
	childRole = "KAKAOWASM_TEST_ROLE"
	childFile = "KAKAOWASM_TEST_STORE_FILE"
)

// roles are what a child may be: each works on a file.
var roles = map[string]func(path string){
	"write until killed": writeUntilKilled,
	"fill the disk":      fillTheDisk,
}

func TestMain(m *testing.M) {
	if play, isChild := roles[os.Getenv(childRole)]; isChild {
		play(os.Getenv(childFile))
		return
	}
	goleak.VerifyTestMain(m)
}

// newChild returns a child that has not been started.
func newChild(role, path string) *exec.Cmd {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childRole+"="+role, childFile+"="+path)
	child.Stderr = os.Stderr
	return child
}
