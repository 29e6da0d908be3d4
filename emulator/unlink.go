package emulator

// unlink is POST /v1/user/unlink.
func (e *Emulator) unlink(c *call) (any, *apiError) {
	e.store.unlink(c.app, c.user)
	return idAnswer{c.user.ID}, nil
}
