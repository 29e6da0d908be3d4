//go:build unix

package bolt

import (
	"os"
	"syscall"
)

// keepOwner gives a file to the owner of another one: the superuser may compact the
// file of a service.
func keepOwner(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	owner, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return nil
	}
	return os.Chown(to, int(owner.Uid), int(owner.Gid))
}
