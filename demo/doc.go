// Package demo is the demo web app: one page that uses the SDK as a legacy
// page does, with a script tag, Kakao.init and callbacks.
//
// It owns the page, its files and the headers they are served with. It knows
// neither the token server nor the emulator: whoever mounts [Handler] beside
// them tells it their addresses through [Options]. The page is plain HTML, CSS
// and ES modules, served as they lie in the repository.
package demo
