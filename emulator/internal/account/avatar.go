package account

import (
	"cmp"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// PathAvatars is where drawn profile images are.
const PathAvatars = "/emulator/avatars/"

// Edge lengths of profile images in pixels. Source: Kakao Login > REST API >
// Retrieving user information.
const (
	imageSize     = 640
	ThumbnailSize = 110
)

// avatarColors are the backgrounds of the drawn pictures.
var avatarColors = [...]string{"#FFD54A", "#8EC5FF", "#FFB4A2", "#9BD8A8", "#C9B6F2", "#F7C6D9"}

// AvatarPath is where the drawn picture of an account is, with an edge of some pixels.
func AvatarPath(id int64, size int) string {
	return fmt.Sprintf("%s%d/img_%dx%[3]d.svg", PathAvatars, id, size)
}

// ServeAvatar draws the profile image of a user who has none configured: the first
// letter of the nickname on a color of their own.
func ServeAvatar(w http.ResponseWriter, r *http.Request, users map[int64]*config.User) {
	id, err := strconv.ParseInt(r.PathValue("user"), 10, 64)
	user := users[id]
	size := map[string]int{
		fmt.Sprintf("img_%dx%[1]d.svg", imageSize):     imageSize,
		fmt.Sprintf("img_%dx%[1]d.svg", ThumbnailSize): ThumbnailSize,
	}[r.PathValue("file")]
	if err != nil || user == nil || size == 0 {
		http.NotFound(w, r)
		return
	}
	letter, _ := utf8.DecodeRuneInString(user.Nickname)
	color := avatarColors[id%int64(len(avatarColors))]
	header := w.Header()
	header.Set("Content-Type", "image/svg+xml")
	header.Set("Content-Security-Policy", "default-src 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "max-age=3600")
	_, _ = fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%[1]d" viewBox="0 0 110 110">`+
		`<rect width="110" height="110" fill="%s"/>`+
		`<text x="55" y="57" fill="#191919" font-family="sans-serif" font-size="50" font-weight="700" `+
		`text-anchor="middle" dominant-baseline="central">%s</text></svg>`,
		size, color, html.EscapeString(string(letter)))
}

// ImageURLs are the addresses of a user's profile image and its thumbnail.
func ImageURLs(u *config.User, p kakao.Platform, secure bool) (image, thumbnail string) {
	image = cmp.Or(u.ProfileImageURL, p.Auth+AvatarPath(u.ID, imageSize))
	thumbnail = cmp.Or(u.ThumbnailImageURL, p.Auth+AvatarPath(u.ID, ThumbnailSize))
	return WithScheme(image, secure), WithScheme(thumbnail, secure)
}

// WithScheme gives an image address the scheme that secure_resource asks for.
// An address on loopback stays as it is: there is no second scheme there.
func WithScheme(address string, secure bool) string {
	u, err := url.Parse(address)
	if err != nil || contract.IsLoopbackHost(u.Hostname()) {
		return address
	}
	_, rest, _ := strings.Cut(address, "://")
	if secure {
		return "https://" + rest
	}
	return "http://" + rest
}
