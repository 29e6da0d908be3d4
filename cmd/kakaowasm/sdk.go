package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/kakaowasm/kakaowasm/internal/embeddedsdk"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// errNoSDK is what a command says that cannot do without an SDK.
var errNoSDK = errorf("this program was built without the SDK: run `make dist` and pass --sdk-dir dist/go, or take a released program")

// openSDK opens the folder of a built SDK or, where none is named, the SDK inside
// this program. It is nil where there is neither.
func openSDK(dir string) (fs.FS, error) {
	if dir != "" {
		return openSDKFolder(dir)
	}
	sdk, _ := embeddedsdk.Files()
	return sdk, nil
}

// openSDKFolder opens a folder that must hold the SDK of this program's version:
// the addresses under which it is served say so.
func openSDKFolder(dir string) (fs.FS, error) {
	sdk := os.DirFS(dir)
	script, err := fs.ReadFile(sdk, "kakao.js")
	if err != nil {
		return nil, errorf("%s is missing: run `make release` first, or for development `make dist`", filepath.ToSlash(filepath.Join(dir, "kakao.js")))
	}
	if version := sdkVersion(script); version != "" && version != kakao.Version {
		return nil, errorf("%s holds version %s of the SDK, and this program is %s: build the SDK again, or take the program of its version", dir, version, kakao.Version)
	}
	return sdk, nil
}

// banner is the comment at the beginning of a built script.
var banner = regexp.MustCompile(`^\x{feff}?/\*! kakaowasm (\S+) `)

// sdkVersion is the version that a built script names, "" where it names none.
func sdkVersion(script []byte) string {
	if found := banner.FindSubmatch(script); found != nil {
		return string(found[1])
	}
	return ""
}
