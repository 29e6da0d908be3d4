package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// localeIsKorean reports whether messages are in Korean, by the locale
// (POSIX.1-2024, section 8.2).
func localeIsKorean() bool {
	locale := cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
	return strings.HasPrefix(locale, "ko")
}

// inLocale is a text in the language of the locale.
func inLocale(text catalog.Text) string {
	if localeIsKorean() {
		return text.Ko
	}
	return text.En
}

// inLanguage is a message of this program in the language of the locale; a message
// without a Korean form stays as it is.
func inLanguage(message string) string {
	if !localeIsKorean() {
		return message
	}
	return cmp.Or(koreanMessages[message], message)
}

// errorf is [fmt.Errorf] in the language of the locale.
func errorf(format string, args ...any) error { return fmt.Errorf(inLanguage(format), args...) }

// printf writes a message in the language of the locale.
func printf(w io.Writer, format string, args ...any) {
	_, _ = fmt.Fprintf(w, inLanguage(format), args...) // A terminal that is gone needs no text.
}
