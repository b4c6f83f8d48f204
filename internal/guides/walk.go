package guides

import "reflect"

// walkStrings calls visit for every string inside v.
func walkStrings(v any, visit func(string)) { walkValue(reflect.ValueOf(v), visit) }

func walkValue(v reflect.Value, visit func(string)) {
	switch v.Kind() {
	case reflect.Pointer:
		walkValue(v.Elem(), visit)
	case reflect.String:
		visit(v.String())
	case reflect.Slice:
		for i := range v.Len() {
			walkValue(v.Index(i), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			walkValue(v.Field(i), visit)
		}
	}
}
