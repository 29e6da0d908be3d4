package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/brotli"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// sdkTypes are the files of the SDK that are served, and their types.
var sdkTypes = map[string]string{
	".js":   "text/javascript; charset=utf-8",
	".mjs":  "text/javascript; charset=utf-8",
	".map":  "application/json",
	".ts":   "application/typescript; charset=utf-8",
	".wasm": "application/wasm",
}

// brotliQuality is for a file that comes without a .br sibling; a release brings
// its siblings along. A file as large as those of a development build, which is
// made often and served to one browser, is compressed quickly.
func brotliQuality(size int) int {
	const large = 1 << 20
	if size > large {
		return 2
	}
	return 9
}

// encodings are the compressed forms, the smallest first.
var encodings = []struct {
	name     string // in Accept-Encoding
	suffix   string // of the sibling
	compress func([]byte) ([]byte, error)
}{
	{"br", ".br", compressBrotli},
	{"gzip", ".gz", compressGzip},
}

// sdkFile is one file of the SDK, ready to be sent.
type sdkFile struct {
	contentType string
	forms       map[string][]byte // by content encoding; "" is the file itself
	integrity   string            // Subresource Integrity, section 3.1
}

// SDK is the built SDK of this version.
type SDK struct {
	prefix  string // of the paths, such as "/kakao/sdk/"
	release string // version and hash of the files, such as "0.2.0-3f1d0c9a77e2"
	files   map[string]*sdkFile
}

// LoadSDK reads and compresses the files once, for addresses under a base path. A
// nil file system is an SDK without files.
func LoadSDK(base string, fsys fs.FS) (*SDK, error) {
	s := &SDK{prefix: base + contract.PathSDK, files: make(map[string]*sdkFile)}
	if fsys == nil {
		return s, nil
	}
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		contentType := sdkTypes[path.Ext(name)]
		if err != nil || entry.IsDir() || contentType == "" {
			return err
		}
		file, err := loadSDKFile(fsys, name, contentType)
		s.files[name] = file
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("expected readable files: %w", err)
	}
	s.release = kakao.Version + "-" + s.hash()
	return s, nil
}

// hash stands for all bytes of all files: one that changes, comes or goes makes
// another one.
func (s *SDK) hash() string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		_, _ = fmt.Fprintf(h, "%s %s\n", s.files[name].integrity, name)
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// Path is the address of a file that never changes.
func (s *SDK) Path(name string) string { return s.prefix + s.release + "/" + name }

// loadSDKFile reads one file and its compressed forms.
func loadSDKFile(fsys fs.FS, name, contentType string) (*sdkFile, error) {
	content, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	sum := sha512.Sum384(content)
	file := &sdkFile{
		contentType: contentType,
		forms:       map[string][]byte{"": content},
		integrity:   "sha384-" + base64.StdEncoding.EncodeToString(sum[:]),
	}
	for _, encoding := range encodings {
		form, err := fs.ReadFile(fsys, name+encoding.suffix)
		if errors.Is(err, fs.ErrNotExist) {
			form, err = encoding.compress(content)
		}
		if err != nil {
			return nil, err
		}
		if len(form) < len(content) {
			file.forms[encoding.name] = form
		}
	}
	return file, nil
}

// File answers GET /sdk/<version>-<hash>/<file> and GET /sdk/<version>/<file>. The
// first never changes, so that browsers and caches may keep it; the second is asked
// for again, because a program that was built again serves other bytes there. Any
// page may load them, also one under Cross-Origin-Embedder-Policy.
func (s *SDK) File(w http.ResponseWriter, r *http.Request) error {
	folder, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, s.prefix), "/")
	caching, served := map[string]string{
		s.release:     "public, max-age=31536000, immutable",
		kakao.Version: "public, no-cache",
	}[folder]
	if !served {
		return web.InvalidRequest(http.StatusNotFound, "this server has version "+kakao.Version+" of the SDK only; expected /sdk/"+kakao.Version+"/<file>, or the path that /sdk/integrity.json gives")
	}
	file := s.files[name]
	if file == nil {
		return web.InvalidRequest(http.StatusNotFound, "the SDK has no such file; /sdk/integrity.json lists what there is")
	}
	encoding := negotiate(r.Header.Values("Accept-Encoding"), file.forms)
	form, h := file.forms[encoding], w.Header()
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
		// ServeContent leaves the length of encoded content out.
		h.Set("Content-Length", strconv.Itoa(len(form)))
	}
	h.Set("Content-Type", file.contentType)
	h.Set("Cache-Control", caching)
	h.Set("ETag", ETag(form, encoding))
	h.Add("Vary", "Accept-Encoding")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(form))
	return nil
}

// Integrity answers GET /sdk/integrity.json: what to write into the src and integrity
// attributes of script tags.
func (s *SDK) Integrity(w http.ResponseWriter, _ *http.Request) error {
	files := make(map[string]string, len(s.files))
	for name, file := range s.files {
		files[name] = file.integrity
	}
	web.WriteJSON(w, http.StatusOK, map[string]any{"version": kakao.Version, "path": s.Path(""), "files": files})
	return nil
}

// AllowEveryOrigin lets pages of every origin load and read an answer.
func AllowEveryOrigin(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// negotiate picks the smallest form that the client takes (RFC 9110, section
// 12.5.3); "" is the file itself.
func negotiate(accept []string, forms map[string][]byte) string {
	taken := make(map[string]bool)
	for offer := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		name, params, _ := strings.Cut(offer, ";")
		q, weighed := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		taken[strings.ToLower(strings.TrimSpace(name))] = !weighed || err == nil && weight > 0
	}
	for _, encoding := range encodings {
		if taken[encoding.name] && forms[encoding.name] != nil {
			return encoding.name
		}
	}
	return ""
}

// ETag is a strong validator of one form of a file (RFC 9110, section 8.8.3).
func ETag(content []byte, encoding string) string {
	sum := sha256.Sum256(content)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + encoding + `"`
}

// compressBrotli compresses with brotli (RFC 7932).
func compressBrotli(content []byte) ([]byte, error) {
	var out bytes.Buffer
	return finish(&out, brotli.NewWriterLevel(&out, brotliQuality(len(content))), content)
}

// compressGzip compresses with gzip (RFC 1952).
func compressGzip(content []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	return finish(&out, w, content)
}

// finish writes the content through a compressor and returns what came out.
func finish(out *bytes.Buffer, w io.WriteCloser, content []byte) ([]byte, error) {
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	err := w.Close()
	return out.Bytes(), err
}
