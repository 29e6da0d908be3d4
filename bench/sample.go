package main

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// sample is one measurement.
type sample struct {
	perSecond float64
	p50, p99  time.Duration
	processor time.Duration // of the server, for one answer
}

// newSample sums up how long each answer took, and all together.
func newSample(took []time.Duration, total time.Duration) sample {
	slices.Sort(took)
	return sample{
		perSecond: float64(len(took)) / total.Seconds(),
		p50:       took[len(took)*50/100],
		p99:       took[len(took)*99/100],
	}
}

// median is the middle one of some values.
func median[T cmp.Ordered](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// load is what a number of connections send. Each asks for its next request when
// the last one was answered, and ends with nil.
type load struct {
	addr        string
	connections int
	// server is who answers, if its processor time counts.
	server *process
	// first is sent by a connection before the measurement begins; nil for nothing.
	first func(connection int) []byte
	next  func(connection int) []byte
}

// measure sends a load. Every answer must be 200.
func (l load) measure() (sample, error) {
	opened, err := l.open()
	for _, c := range opened {
		defer c.close()
	}
	if err != nil {
		return sample{}, err
	}
	var sending errgroup.Group
	took := make([][]time.Duration, l.connections)
	began, busy := time.Now(), l.processor()
	for i, c := range opened {
		sending.Go(func() (err error) {
			took[i], err = l.send(i, c)
			return err
		})
	}
	err = sending.Wait()
	total, all := time.Since(began), slices.Concat(took...)
	if err == nil && len(all) == 0 {
		err = errors.New("expected requests to measure, there were none")
	}
	if err != nil {
		return sample{}, err
	}
	measured := newSample(all, total)
	measured.processor = (l.processor() - busy) / time.Duration(len(all))
	return measured, nil
}

// processor is how long the server has kept a processor busy.
func (l load) processor() time.Duration {
	if l.server == nil {
		return 0
	}
	return l.server.processor()
}

// open opens the connections and sends what comes before the measurement.
func (l load) open() ([]*connection, error) {
	var opened []*connection
	for i := range l.connections {
		c, err := connect(l.addr)
		if err != nil {
			return opened, err
		}
		opened = append(opened, c)
		if l.first == nil {
			continue
		}
		if _, err := c.time(l.first(i)); err != nil {
			return opened, err
		}
	}
	return opened, nil
}

// send sends the requests of one connection.
func (l load) send(i int, c *connection) (took []time.Duration, err error) {
	for request := l.next(i); request != nil; request = l.next(i) {
		t, err := c.time(request)
		if err != nil {
			return took, err
		}
		took = append(took, t)
	}
	return took, nil
}
