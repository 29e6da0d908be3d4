module github.com/kakaowasm/kakaowasm

go 1.26
