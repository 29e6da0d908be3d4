// Package containers holds the images and the container recipes of the guide
// against the program: without Docker, by the parsers that Docker uses, and by
// running each command line with the program that KAKAOWASM_BINARY names.
package containers

import (
	"bufio"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

const root = "../../"

// image is what a stage of the Dockerfile says of how it is run.
type image struct {
	env             map[string]string
	entrypoint, cmd []string
	exposed         []string
}

func emulatorImage(t *testing.T) image {
	t.Helper()
	file, err := os.Open(root + "Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	parsed, err := parser.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	stages, _, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(stages, func(s instructions.Stage) bool { return s.Name == "emulator" })
	if at < 0 {
		t.Fatal("the Dockerfile has no stage emulator")
	}
	found := image{env: map[string]string{}}
	for _, command := range stages[at].Commands {
		switch c := command.(type) {
		case *instructions.EnvCommand:
			for _, pair := range c.Env {
				found.env[pair.Key] = pair.Value
			}
		case *instructions.EntrypointCommand:
			found.entrypoint = c.CmdLine
		case *instructions.CmdCommand:
			found.cmd = c.CmdLine
		case *instructions.ExposeCommand:
			found.exposed = c.Ports
		}
	}
	return found
}

// started is the address at which the program listens when it runs with the
// arguments and variables of a container, at a free port.
func started(t *testing.T, env map[string]string, args ...string) string {
	t.Helper()
	binary, err := filepath.Abs(os.Getenv("KAKAOWASM_BINARY"))
	if err != nil || os.Getenv("KAKAOWASM_BINARY") == "" {
		t.Fatal("KAKAOWASM_BINARY must name the program: make binaries builds it")
	}
	ctx, cancel := context.WithCancel(context.Background())
	program := exec.CommandContext(ctx, binary, args...)
	program.Cancel = func() error { return program.Process.Signal(os.Interrupt) }
	for name, value := range env {
		if name == "KAKAO_EMULATOR_ADDR" {
			value = strings.Replace(value, "8481", "0", 1)
		}
		program.Env = append(program.Env, name+"="+value)
	}
	out, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	program.Stderr = program.Stdout
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = program.Wait() // the test reads what it said, not how it ended
	})
	var said []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said = append(said, lines.Text())
		if port := listening.FindStringSubmatch(lines.Text()); port != nil {
			go func() { // or the program waits for somebody who reads on
				for lines.Scan() {
				}
			}()
			return "127.0.0.1:" + port[1]
		}
	}
	t.Fatalf("kakaowasm %s does not start:\n%s", strings.Join(args, " "), strings.Join(said, "\n"))
	return ""
}

var listening = regexp.MustCompile(`Kakao emulator on http://\S*:(\d+)`)

// get is the status of a request that names a host.
func get(t *testing.T, addr, host, path string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

const discovery = "/.well-known/openid-configuration"

func TestTheImageRunsTheEmulatorByDefault(t *testing.T) {
	image := emulatorImage(t)
	if !slices.Equal(image.entrypoint, []string{"/usr/bin/kakaowasm"}) || !slices.Equal(image.exposed, []string{"8481"}) {
		t.Errorf("it runs %q and exposes %q", image.entrypoint, image.exposed)
	}
	if image.env["KAKAO_EMULATOR_ADDR"] != "0.0.0.0:8481" {
		t.Errorf("it listens at %q", image.env["KAKAO_EMULATOR_ADDR"])
	}
	addr := started(t, image.env, image.cmd...)
	for host, want := range map[string]int{"localhost:8481": 200, "127.0.0.1:32768": 200, "kakao:8481": 404} {
		if got := get(t, addr, host, discovery); got != want {
			t.Errorf("Host %s: %d, want %d", host, got, want)
		}
	}
}

// fence is a block of code in the guide, by its language.
func fence(t *testing.T, document, language, holds string) string {
	t.Helper()
	text, err := os.ReadFile(root + "docs/" + document)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		if strings.Contains(block[1], holds) {
			return block[1]
		}
	}
	t.Fatalf("docs/%s has no block of %s with %s", document, language, holds)
	return ""
}

func TestTheComposeFileStartsWhatItSays(t *testing.T) {
	image := emulatorImage(t)
	for _, document := range []string{"emulator.md", "emulator.ko.md"} {
		text := fence(t, document, "yaml", "services:")
		project, err := loader.LoadWithContext(t.Context(), types.ConfigDetails{
			WorkingDir: t.TempDir(), ConfigFiles: []types.ConfigFile{{Filename: "compose.yaml", Content: []byte(text)}},
		}, func(o *loader.Options) { o.SetProjectName("guide", true) })
		if err != nil {
			t.Fatalf("docs/%s: %v", document, err)
		}
		kakao := project.Services["kakao"]
		if kakao.Build == nil || kakao.Build.Target != "emulator" {
			t.Errorf("docs/%s: kakao is not built from the stage emulator", document)
		}
		for _, port := range kakao.Ports {
			if port.HostIP != "127.0.0.1" || !slices.Contains(image.exposed, "8481") || port.Target != 8481 {
				t.Errorf("docs/%s: publishes %s:%s to %d", document, port.HostIP, port.Published, port.Target)
			}
		}
		seed := filepath.Join(t.TempDir(), "kakao.yaml")
		writeSeed(t, seed)
		args := slices.Clone([]string(kakao.Command))
		at := slices.Index(args, "/seed.yaml")
		if at < 0 || len(kakao.Volumes) != 1 || kakao.Volumes[0].Target != "/seed.yaml" {
			t.Fatalf("docs/%s: %q does not read the seed that is mounted", document, args)
		}
		args[at] = seed
		addr := started(t, image.env, args...)
		for _, host := range []string{"kakao:8481", "localhost:8481"} { // containers, and browsers
			if got := get(t, addr, host, discovery); got != http.StatusOK {
				t.Errorf("docs/%s: Host %s: %d", document, host, got)
			}
		}
	}
}

// writeSeed writes the seed that a user begins with.
func writeSeed(t *testing.T, path string) {
	t.Helper()
	binary, err := filepath.Abs(os.Getenv("KAKAOWASM_BINARY"))
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), binary, "emulate", "init", path).CombinedOutput(); err != nil {
		t.Fatalf("emulate init: %v\n%s", err, out)
	}
}

func TestTheTestcontainersRecipeFitsTheImage(t *testing.T) {
	image := emulatorImage(t)
	addr := started(t, image.env, image.cmd...)
	for _, document := range []string{"emulator.md", "emulator.ko.md"} {
		recipe := fence(t, document, "ts", "GenericContainer")
		name := regexp.MustCompile(`GenericContainer\('([^']+)'\)`).FindStringSubmatch(recipe)
		port := regexp.MustCompile(`withExposedPorts\((\d+)\)`).FindStringSubmatch(recipe)
		wait := regexp.MustCompile(`Wait\.forHttp\('([^']+)', (\d+)\)`).FindStringSubmatch(recipe)
		mapped := regexp.MustCompile(`getMappedPort\((\d+)\)`).FindStringSubmatch(recipe)
		if name == nil || port == nil || wait == nil || mapped == nil {
			t.Fatalf("docs/%s: the recipe is not the one that this test knows:\n%s", document, recipe)
		}
		guide, err := os.ReadFile(root + "docs/" + document)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(guide), "docker build --target emulator -t "+name[1]+" .") {
			t.Errorf("docs/%s: nothing builds the image %s", document, name[1])
		}
		for _, asked := range []string{port[1], wait[2], mapped[1]} {
			if !slices.Contains(image.exposed, asked) {
				t.Errorf("docs/%s: port %s is not exposed, %q are", document, asked, image.exposed)
			}
		}
		if got := get(t, addr, "localhost:49153", wait[1]); got != http.StatusOK { // a mapped port
			t.Errorf("docs/%s: what it waits for answers %d", document, got)
		}
	}
}
