//go:build embedsdk

package embeddedsdk

import (
	"embed"
	"io/fs"
)

//go:embed files
var files embed.FS

// Files are the files of the released SDK.
func Files() (fs.FS, bool) {
	sdk, err := fs.Sub(files, "files")
	return sdk, err == nil
}
