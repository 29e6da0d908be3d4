//go:build !embedsdk

package embeddedsdk

import "io/fs"

// Files are the files of the released SDK; this build has none.
func Files() (fs.FS, bool) { return nil, false }
