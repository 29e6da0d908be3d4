package authority

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func open(t *testing.T, dir string) *Authority {
	t.Helper()
	a, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// file is what a test compares of a file.
type file struct {
	Mode    os.FileMode
	Content string
}

// snapshot reads everything in dir.
func snapshot(t *testing.T, dir string) map[string]file {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]file{}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		content := ""
		if info.Mode().IsRegular() {
			content = read(t, filepath.Join(dir, entry.Name()))
		}
		files[entry.Name()] = file{info.Mode(), content}
	}
	return files
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// write replaces a file as a user would, for its owner only.
func write(t *testing.T, dir, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

func TestReopenedAuthorityIsTheSame(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "tls")
	first := open(t, dir)
	files := snapshot(t, dir)
	second := open(t, dir)
	if diff := cmp.Diff(files, snapshot(t, dir)); diff != "" {
		t.Errorf("opening changed the files: %s", diff)
	}
	address := serve(t, serverConfig(t, second, kakaoNames...))
	response, err := clientOf(t, first, address, true).Get("https://kauth.kakao.com/")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
}

func TestAuthorityExpiresAfterTenYears(t *testing.T) {
	dir := t.TempDir()
	clock := newClock()
	for _, step := range []struct {
		years   int
		expired bool
	}{{0, false}, {9, false}, {10, true}} {
		now := clock.AddDate(step.years, 0, 0)
		if _, err := Open(dir, WithClock(func() time.Time { return now })); (err != nil) != step.expired {
			t.Errorf("after %d years: %v", step.years, err)
		}
	}
}

func TestCertificateFileIsWhatClientsTrust(t *testing.T) {
	t.Chdir(t.TempDir())
	a := open(t, "tls")
	if !filepath.IsAbs(a.CertificateFile()) {
		t.Errorf("certificate file %q is not absolute", a.CertificateFile())
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(read(t, a.CertificateFile()))) || !pool.Equal(a.Pool()) {
		t.Error("the certificate file differs from the pool")
	}
}

func TestKeyIsForItsOwnerOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tls")
	open(t, dir)
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]os.FileMode{".": info.Mode().Perm()}
	for name, f := range snapshot(t, dir) {
		got[name] = f.Mode
	}
	if diff := cmp.Diff(map[string]os.FileMode{".": 0o700, "ca.pem": 0o644, "ca-key.pem": 0o600}, got); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(read(t, filepath.Join(dir, "ca.pem")), "PRIVATE") {
		t.Error("ca.pem holds a private key")
	}
}

func TestProcessesThatOpenAtOnceGetTheSameAuthority(t *testing.T) {
	for range 20 {
		dir := filepath.Join(t.TempDir(), "tls")
		opened, errs := make([]*Authority, 8), make([]error, 8)
		start := make(chan struct{})
		var done sync.WaitGroup
		for i := range opened {
			done.Go(func() {
				<-start
				opened[i], errs[i] = Open(dir)
			})
		}
		close(start)
		done.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		for i, a := range opened {
			if !a.Pool().Equal(opened[0].Pool()) || !a.issuer.key.Equal(opened[0].issuer.key) {
				t.Fatalf("process %d has another authority than process 0", i)
			}
		}
	}
}

func TestFilesOfAnotherProcessAreKept(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	files := snapshot(t, dir)
	paths, err := openDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	// As if the other process had published between this one's look and its
	// writing.
	if err := paths.complete(time.Now()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(files, snapshot(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func TestAuthorityThatACrashLeftHalfIsCompleted(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	whole := snapshot(t, dir)
	remove(t, dir, "ca.pem")
	open(t, dir)
	if diff := cmp.Diff(whole, snapshot(t, dir)); diff != "" {
		t.Errorf("clients would have to trust another certificate: %s", diff)
	}
}

func TestDraftThatACrashLeftIsNoObstacle(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, ".new-1", "half a certifica")
	open(t, dir)
}

func TestFilesThatCannotBeUsedAreNamedAndKept(t *testing.T) {
	const (
		isNotGenuine = "does not hold an authority that the emulator made"
		isNotItsOwn  = "is not the certificate that belongs to"
	)
	now := time.Now()
	tests := []struct {
		name string
		harm func(t *testing.T, dir string)
		file string
		says string
	}{
		{"certificate is empty", replaced("ca.pem", ""), "ca.pem", isNotItsOwn},
		{"certificate is of another authority", func(t *testing.T, dir string) {
			write(t, dir, "ca.pem", read(t, filepath.Join(other(t), "ca.pem")))
		}, "ca.pem", isNotItsOwn},
		{"certificate is followed by another", func(t *testing.T, dir string) {
			write(t, dir, "ca.pem", strings.Repeat(read(t, filepath.Join(dir, "ca.pem")), 2))
		}, "ca.pem", isNotItsOwn},
		{"certificate is a directory", func(t *testing.T, dir string) {
			remove(t, dir, "ca.pem")
			if err := os.Mkdir(filepath.Join(dir, "ca.pem"), 0o700); err != nil {
				t.Fatal(err)
			}
		}, "ca.pem", "cannot be read"},
		{"certificates expired", made(func(root, issuer *x509.Certificate) {
			root.NotAfter, issuer.NotAfter = now.Add(-time.Minute), now.Add(-time.Minute)
		}), "ca.pem", "expired"},
		{"certificates of the future", made(func(root, issuer *x509.Certificate) {
			root.NotBefore, issuer.NotBefore = now.Add(time.Minute), now.Add(time.Minute)
		}), "ca.pem", "clock"},

		{"key is missing", func(t *testing.T, dir string) { remove(t, dir, "ca-key.pem") }, "ca-key.pem", "cannot be read"},
		{"key is no PEM", replaced("ca-key.pem", secret), "ca-key.pem", "PEM"},
		{"key is no key inside", func(t *testing.T, dir string) {
			write(t, dir, "ca-key.pem", read(t, filepath.Join(dir, "ca.pem"))+encode("PRIVATE KEY", []byte(secret)))
		}, "ca-key.pem", "private key"},
		{"key has no certificates", func(t *testing.T, dir string) {
			write(t, dir, "ca-key.pem", keyIn(t, dir))
		}, "ca-key.pem", "certificate"},
		{"key has one certificate", func(t *testing.T, dir string) {
			write(t, dir, "ca-key.pem", encode("CERTIFICATE", decode(t, dir).certificate.Raw)+keyIn(t, dir))
		}, "ca-key.pem", "2 certificates"},
		{"key has no root inside", func(t *testing.T, dir string) {
			write(t, dir, "ca-key.pem", encode("CERTIFICATE", decode(t, dir).certificate.Raw)+
				encode("CERTIFICATE", []byte("garbage"))+keyIn(t, dir))
		}, "ca-key.pem", "x509"},
		{"key is of another kind", func(t *testing.T, dir string) {
			write(t, dir, "ca-key.pem", rsaPair(t))
		}, "ca-key.pem", "expected an ECDSA key"},
		{"key belongs to another certificate", func(t *testing.T, dir string) {
			content := read(t, filepath.Join(dir, "ca-key.pem"))
			write(t, dir, "ca-key.pem", strings.Replace(content, keyIn(t, dir), keyIn(t, other(t)), 1))
		}, "ca-key.pem", "does not match"},
		{"key can be read by others", func(t *testing.T, dir string) {
			if err := os.Chmod(filepath.Join(dir, "ca-key.pem"), 0o640); err != nil {
				t.Fatal(err)
			}
		}, "ca-key.pem", "chmod 600"},
		{"key is broken and alone", func(t *testing.T, dir string) {
			remove(t, dir, "ca.pem")
			write(t, dir, "ca-key.pem", secret)
		}, "ca-key.pem", "PEM"},

		{"root of another program", made(func(root, _ *x509.Certificate) {
			root.Subject.CommonName = "another authority"
		}), "ca-key.pem", isNotGenuine},
		{"root of any path", made(func(root, _ *x509.Certificate) {
			root.MaxPathLen = -1
		}), "ca-key.pem", isNotGenuine},
		{"issuer of another program", made(func(_, issuer *x509.Certificate) {
			issuer.Subject.CommonName = "another issuer"
		}), "ca-key.pem", isNotGenuine},
		{"issuer that is no authority", made(func(_, issuer *x509.Certificate) {
			issuer.IsCA, issuer.MaxPathLenZero = false, false
		}), "ca-key.pem", isNotGenuine},
		{"issuer of further issuers", made(func(_, issuer *x509.Certificate) {
			issuer.MaxPathLenZero = false
		}), "ca-key.pem", isNotGenuine},
		{"issuer for more domains", made(func(_, issuer *x509.Certificate) {
			issuer.PermittedDNSDomains = append(issuer.PermittedDNSDomains, "example")
		}), "ca-key.pem", isNotGenuine},
		{"issuer for every address", made(func(_, issuer *x509.Certificate) {
			issuer.PermittedIPRanges = []*net.IPNet{{IP: net.IPv4zero.To4(), Mask: net.CIDRMask(0, 32)}}
		}), "ca-key.pem", isNotGenuine},
		{"issuer whose constraints may be ignored", made(func(_, issuer *x509.Certificate) {
			issuer.PermittedDNSDomainsCritical = false
		}), "ca-key.pem", isNotGenuine},
		{"issuer for more than servers", made(func(_, issuer *x509.Certificate) {
			issuer.ExtKeyUsage = nil
		}), "ca-key.pem", isNotGenuine},
		{"issuer with more uses", made(func(_, issuer *x509.Certificate) {
			issuer.KeyUsage |= x509.KeyUsageDigitalSignature
		}), "ca-key.pem", isNotGenuine},
		{"issuer under another root", func(t *testing.T, dir string) {
			mine, theirs := decode(t, dir), decode(t, other(t))
			mine.root = theirs.root
			keep(t, dir, mine)
		}, "ca-key.pem", isNotGenuine},
		{"root that was altered", func(t *testing.T, dir string) {
			altered := decode(t, dir)
			altered.root.Raw[len(altered.root.Raw)-1] ^= 1
			keep(t, dir, altered)
		}, "ca-key.pem", isNotGenuine},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			open(t, dir)
			tc.harm(t, dir)
			before := snapshot(t, dir)
			_, err := Open(dir)
			if err == nil {
				t.Fatal("no error")
			}
			expectAdvice(t, err.Error(), dir, tc.file, tc.says)
			if diff := cmp.Diff(before, snapshot(t, dir)); diff != "" {
				t.Errorf("the files were changed: %s", diff)
			}
		})
	}
}

// secret stands for the content of a key file, which no error may repeat.
const secret = "not to be repeated"

// expectAdvice wants the bad file first, then what is wrong with it, then the
// files to delete.
func expectAdvice(t *testing.T, message, dir, file, says string) {
	t.Helper()
	advice := "delete " + filepath.Join(dir, "ca.pem") + " and " + filepath.Join(dir, "ca-key.pem")
	if !strings.HasPrefix(message, "authority: "+filepath.Join(dir, file)+" ") ||
		!strings.Contains(message, says) || !strings.Contains(message, advice) {
		t.Errorf("%q does not name %s, say %q and advise to %s", message, file, says, advice)
	}
	if strings.Contains(message, secret) || strings.Contains(message, base64.StdEncoding.EncodeToString([]byte(secret))) {
		t.Errorf("%q repeats the content of the file", message)
	}
}

func encode(blockType string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: blockType, Bytes: der}))
}

func replaced(name, content string) func(*testing.T, string) {
	return func(t *testing.T, dir string) { write(t, dir, name, content) }
}

// made replaces the authority in dir by one that differs from what the package
// makes.
func made(change func(root, issuer *x509.Certificate)) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		root, issuer := rootTemplate(time.Now()), issuerTemplate(time.Now())
		change(root, issuer)
		forged, err := certify(root, issuer)
		if err != nil {
			t.Fatal(err)
		}
		keep(t, dir, forged)
	}
}

// keep writes both files.
func keep(t *testing.T, dir string, i issuer) {
	t.Helper()
	content, err := encodeIssuer(i)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "ca-key.pem", string(content))
	write(t, dir, "ca.pem", string(encodeCertificate(i.root)))
}

func decode(t *testing.T, dir string) issuer {
	t.Helper()
	i, err := decodeIssuer([]byte(read(t, filepath.Join(dir, "ca-key.pem"))))
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// other returns the directory of another authority.
func other(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	open(t, dir)
	return dir
}

// keyIn returns the last block of the key file.
func keyIn(t *testing.T, dir string) string {
	t.Helper()
	content := read(t, filepath.Join(dir, "ca-key.pem"))
	return content[strings.LastIndex(content, "-----BEGIN"):]
}

// rsaPair is a key file such as other programs write.
func rsaPair(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := rootTemplate(time.Now())
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Repeat(encode("CERTIFICATE", certificate), 2) + encode("PRIVATE KEY", der)
}

func TestDirectoryThatCannotBeMadeIsAnError(t *testing.T) {
	taken := filepath.Join(t.TempDir(), "file")
	write(t, filepath.Dir(taken), "file", "")
	for _, dir := range []string{"", taken} {
		if _, err := Open(dir); err == nil {
			t.Errorf("%q: no error", dir)
		}
	}
}
