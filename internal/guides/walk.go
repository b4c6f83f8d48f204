package guides

import "reflect"

// walkStrings calls visit for every string inside v.
func walkStrings(v any, visit func(text string)) {
	walkPlaces(v, func(_, text string) { visit(text) })
}

// walkPlaces calls visit for every string inside v, with its place in a guide file.
func walkPlaces(v any, visit func(place, text string)) { walkValue(reflect.ValueOf(v), "", visit) }

func walkValue(v reflect.Value, place string, visit func(place, text string)) {
	switch v.Kind() {
	case reflect.Pointer:
		walkValue(v.Elem(), place, visit)
	case reflect.String:
		visit(place, v.String())
	case reflect.Slice:
		for i := range v.Len() {
			walkValue(v.Index(i), element(place, i), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			walkValue(v.Field(i), join(place, v.Type().Field(i).Tag.Get("toml")), visit)
		}
	}
}
