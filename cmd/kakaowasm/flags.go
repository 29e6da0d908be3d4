package main

import (
	"cmp"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// flags are the options of a command: the fields of a struct that have a help tag,
// those of embedded structs among them. Tags of a field:
//
//	name         the flag, "" for the field's name in lower case
//	short        its letter
//	aliases      another name of it
//	env          the environment variable that stands for it where the flag is left out
//	default      the value where both are left out
//	placeholder  what --help shows in place of the value
//	enum         the values that it may have, separated by commas
//	arg          the field is the command's argument, and no flag; "optional" if it may be left out
type flags struct {
	set *pflag.FlagSet
	// env are the variables by flag; list is all flags in the order of the struct.
	env      map[string]string
	list     []*pflag.Flag
	argument *value
	optional bool
}

// newFlags reads the options of a command, a pointer to a struct, and gives its fields their defaults.
func newFlags(command any) *flags {
	f := &flags{set: pflag.NewFlagSet("", pflag.ContinueOnError), env: map[string]string{}}
	f.set.SortFlags = false
	aliases := map[string]string{}
	f.set.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		return pflag.NormalizedName(cmp.Or(aliases[name], name))
	})
	f.addAll(reflect.ValueOf(command).Elem(), aliases)
	return f
}

func (f *flags) addAll(fields reflect.Value, aliases map[string]string) {
	for i := range fields.NumField() {
		field := fields.Type().Field(i)
		switch {
		case field.Anonymous:
			f.addAll(fields.Field(i), aliases)
		case field.Tag.Get("help") != "":
			f.add(field, fields.Field(i), aliases)
		}
	}
}

// add makes the flag of a field, or the argument.
func (f *flags) add(field reflect.StructField, target reflect.Value, aliases map[string]string) {
	tag := field.Tag
	v := &value{target: target, placeholder: tag.Get("placeholder"), byDefault: tag.Get("default")}
	if enum := tag.Get("enum"); enum != "" {
		v.allowed = strings.Split(enum, ",")
	}
	if v.byDefault != "" {
		if err := v.assign(v.byDefault); err != nil {
			panic(fmt.Sprintf("default of %s: %v", field.Name, err)) // a mistake in the program
		}
	}
	if kind, isArgument := tag.Lookup("arg"); isArgument {
		f.argument, f.optional = v, kind == "optional" || v.byDefault != ""
		return
	}
	flag := f.set.VarPF(v, flagName(field), tag.Get("short"), tag.Get("help"))
	if v.isSwitch() {
		flag.NoOptDefVal = "true"
	}
	if alias := tag.Get("aliases"); alias != "" {
		aliases[alias] = flag.Name
	}
	f.env[flag.Name] = tag.Get("env")
	f.list = append(f.list, flag)
}

// flagName is the name of a field's flag.
func flagName(field reflect.StructField) string {
	if name := field.Tag.Get("name"); name != "" {
		return name
	}
	var words strings.Builder
	for i, r := range field.Name {
		if i > 0 && r >= 'A' && r <= 'Z' {
			words.WriteByte('-')
		}
		words.WriteRune(r)
	}
	return strings.ToLower(words.String())
}

// readEnv takes what the environment says for flags that were left out.
func (f *flags) readEnv() error {
	for _, flag := range f.list {
		name := f.env[flag.Name]
		text, set := os.LookupEnv(name)
		if name == "" || !set || flag.Changed {
			continue
		}
		if err := flag.Value.Set(text); err != nil {
			return fmt.Errorf("invalid value of %s (--%s): %w", name, flag.Name, err)
		}
	}
	return nil
}

// value is a field that a flag, a variable or an argument sets.
type value struct {
	target                 reflect.Value
	placeholder, byDefault string
	allowed                []string
	set                    bool // whether it has more than the default
}

// Set implements [pflag.Value]. A list grows with each flag, and a comma separates its members, too.
func (v *value) Set(text string) error {
	first := !v.set
	v.set = true
	if v.target.Kind() == reflect.Slice && !first {
		return v.extend(text)
	}
	return v.assign(text)
}

// assign sets the field anew.
func (v *value) assign(text string) error {
	if v.allowed != nil && !slices.Contains(v.allowed, text) {
		return fmt.Errorf("expected %s, got %q", strings.Join(v.allowed, ", "), text)
	}
	switch target := v.target.Addr().Interface().(type) {
	case *string:
		*target = text
	case *toggle:
		*target = toggle(text)
	case *bool:
		on, err := parseToggle(toggle(text))
		*target = on
		return err
	case *time.Duration:
		d, err := parseTime(text)
		*target = d
		return err
	case *[]string:
		*target = nil
		return v.extend(text)
	default:
		panic(fmt.Sprintf("no flag is of type %T", target)) // a mistake in the program
	}
	return nil
}

// extend adds to a list.
func (v *value) extend(text string) error {
	if text != "" {
		list := v.target.Addr().Interface().(*[]string)
		*list = append(*list, strings.Split(text, ",")...)
	}
	return nil
}

func (v *value) isSwitch() bool {
	_, isToggle := v.target.Interface().(toggle)
	return isToggle || v.target.Kind() == reflect.Bool
}

// String implements [pflag.Value]: what --help shows as the default.
func (v *value) String() string { return v.byDefault }

// Type implements [pflag.Value]: what --help shows in place of the value.
func (v *value) Type() string {
	switch {
	case v.isSwitch():
		return "bool"
	case v.placeholder != "":
		return v.placeholder
	}
	return "VALUE"
}
