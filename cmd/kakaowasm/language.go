package main

import (
	"cmp"
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
