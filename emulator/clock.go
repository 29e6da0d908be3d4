package emulator

import (
	"sync"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
)

// Clock is the clock of a platform: every lifetime is measured with it. It goes
// as its base does until it is moved or stopped. It is safe for concurrent use.
type Clock struct {
	base func() time.Time

	mu      sync.Mutex
	offset  time.Duration
	stopped time.Time // zero while the clock runs
}

// Now is the time at the platform.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	if !c.stopped.IsZero() {
		return c.stopped
	}
	return c.base().Add(c.offset)
}

// Advance moves the clock on, or back if d is negative.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(c.now().Add(d))
}

// Set moves the clock to t.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(t)
}

func (c *Clock) set(t time.Time) {
	c.offset = t.Sub(c.base())
	if !c.stopped.IsZero() {
		c.stopped = t
	}
}

// begin shows the time of the base, moved by a setting.
func (c *Clock) begin(setting config.ClockSetting) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset, c.stopped = time.Duration(setting.Advance), time.Time{}
	if !setting.Set.IsZero() {
		c.set(setting.Set)
	}
	if setting.Stopped {
		c.stopped = c.now()
	}
}

// restore shows what a clock with this offset, or stopped at this time, does.
func (c *Clock) restore(offset time.Duration, stopped time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset, c.stopped = offset, stopped
}

// Stop makes the clock stand still: from then on only Advance and Set move it.
func (c *Clock) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = c.now()
}

// Resume lets a stopped clock go on from the time that it shows.
func (c *Clock) Resume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	shows := c.now()
	c.stopped = time.Time{}
	c.set(shows)
}

// Stopped reports whether the clock stands still.
func (c *Clock) Stopped() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.stopped.IsZero()
}
