// Package apitype stands in for a module that Pulumi's SDK names for one type, and that no public proxy serves: schemas of
// ESC environments, of which nothing is read or written here.
package apitype

import "encoding/json"

// EscSchemaSchema has the fields that the SDK sets.
type EscSchemaSchema struct {
	Never, Always, Deprecated, UniqueItems   bool
	Ref, Type, Title, Description, Pattern   string
	Defs, Properties                         map[string]*EscSchemaSchema
	AnyOf, OneOf, PrefixItems                []*EscSchemaSchema
	Items, AdditionalProperties              *EscSchemaSchema
	Default, Const                           any
	Enum, Examples                           []any
	Required, RotateOnly                     []string
	DependentRequired                        map[string][]string
	MultipleOf, Minimum, Maximum             json.Number
	ExclusiveMinimum, ExclusiveMaximum       json.Number
	MinLength, MaxLength, MinItems, MaxItems json.Number
	MinProperties, MaxProperties             json.Number
}

// Schema makes it a builder of itself.
func (s *EscSchemaSchema) Schema() *EscSchemaSchema { return s }
