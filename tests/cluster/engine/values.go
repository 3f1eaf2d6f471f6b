package main

import (
	"encoding/base64"
	"fmt"
	"math/rand"
	"unicode/utf8"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
)

// form is how secrets are written.
type form int

const (
	masked     form = iota // as the digest does
	blinded                // as an event does
	ciphertext             // as a state does
	plaintext              // as `stack export --show-secrets` does
	wire                   // as providers and programs get them
)

const floatSig = "8ad145fe-0d11-4827-bfd7-1abcbf086f5c" // property-values.json, "Float property values"

type values struct {
	*rand.Rand
	canaries int
}

func (r *values) word() string {
	words := []string{
		"a", "name", "spec", "x-y", "a.b/c", "A B", "\u00e9\u00e8", "\U0001f600", "<script>alert(1)</script>", "a|b`c`",
		"\x1b[31mred", "\u202eevil", "line\nfeed", "nul\x00", "[secret", "$secret", "a::b", "a$b", "'\"\\", "# head", "[x](y)",
		"{{ x }}", "",
	}
	return words[r.Intn(len(words))]
}

// canary is a text that must be in no report.
func (r *values) canary() resource.PropertyValue {
	r.canaries++
	return resource.NewProperty(fmt.Sprintf("canary-%d-%d", r.canaries, r.Int63()))
}

func (r *values) scalar() resource.PropertyValue {
	numbers := []float64{0, -0.5, 1, 3, 1e21, -1e-7, 1 << 53, 1<<53 + 2, 1.7976931348623157e308, 5e-324}
	switch r.Intn(7) {
	case 0:
		return resource.NewNullProperty()
	case 1:
		return resource.NewProperty(r.Intn(2) == 0)
	case 2:
		return resource.NewProperty(numbers[r.Intn(len(numbers))])
	case 3:
		return resource.NewProperty(resource.PropertyMap{
			resource.SigKey: resource.NewProperty(floatSig),
			"value":         resource.NewProperty("7ff8000000000001"),
		})
	case 4:
		return resource.NewProperty("not \xff UTF-8")
	default:
		return resource.NewProperty(r.word())
	}
}

func (r *values) asset() *asset.Asset {
	switch r.Intn(3) {
	case 0:
		return &asset.Asset{Sig: resource.AssetSig, Text: r.word() + "text", Hash: "0123"}
	case 1:
		return &asset.Asset{Sig: resource.AssetSig, Path: "a/b.txt"}
	default:
		return &asset.Asset{Sig: resource.AssetSig, URI: "https://x.example/a", Hash: "4567"}
	}
}

func (r *values) archive(depth int) *archive.Archive {
	if depth > 2 || r.Intn(2) == 0 {
		return &archive.Archive{Sig: resource.ArchiveSig, Path: "a.tar.gz", Hash: "89ab"}
	}
	return &archive.Archive{Sig: resource.ArchiveSig, Assets: map[string]any{"a": r.asset(), "b/c": r.archive(depth + 1)}}
}

// value is any that the engine holds; those of a state that was deployed have no unknowns.
func (r *values) value(depth int, unknowns bool) resource.PropertyValue {
	kind := r.Intn(14)
	if depth > 4 && kind > 3 {
		kind = 0
	}
	inner := func() resource.PropertyValue { return r.value(depth+1, unknowns) }
	switch kind {
	case 4, 5:
		list := make([]resource.PropertyValue, r.Intn(4))
		for i := range list {
			list[i] = inner()
		}
		return resource.NewProperty(list)
	case 6, 7:
		found := resource.PropertyMap{}
		for range r.Intn(4) {
			found[resource.PropertyKey(r.word())] = inner()
		}
		return resource.NewProperty(found)
	case 8:
		return resource.NewProperty(r.asset())
	case 9:
		return resource.NewProperty(r.archive(0))
	case 10:
		return resource.MakeSecret(r.secret(depth, unknowns))
	case 11:
		if !unknowns {
			return r.scalar()
		}
		return resource.NewProperty(resource.Computed{Element: r.sort()})
	case 12:
		known := !unknowns || r.Intn(2) == 0
		element := r.sort()
		if known {
			element = inner()
		}
		if secret := r.Intn(2) == 0; secret {
			if known {
				element = r.canary()
			}
			return resource.NewProperty(resource.Output{Element: element, Known: known, Secret: true})
		}
		return resource.NewProperty(resource.Output{Element: element, Known: known, Dependencies: []resource.URN{"urn:pulumi:s::p::a:b:C::d"}})
	case 13:
		reference := resource.ResourceReference{URN: "urn:pulumi:s::p::a:b:C::d", PackageVersion: "1.2.3"}
		if r.Intn(2) == 0 {
			reference.ID = resource.NewProperty("i-7")
		}
		return resource.NewProperty(reference)
	default:
		return r.scalar()
	}
}

// sort is an example of what an unknown value will be.
func (r *values) sort() resource.PropertyValue {
	return []resource.PropertyValue{
		resource.NewProperty(""), resource.NewProperty(true), resource.NewProperty(1.0),
		resource.NewProperty([]resource.PropertyValue{}), resource.NewProperty(resource.PropertyMap{}),
		resource.NewProperty(&asset.Asset{Sig: resource.AssetSig, Text: "a"}),
		resource.NewProperty(&archive.Archive{Sig: resource.ArchiveSig, Path: "a"}),
	}[r.Intn(7)]
}

func (r *values) secret(depth int, unknowns bool) resource.PropertyValue {
	switch r.Intn(4) {
	case 0:
		return resource.NewProperty([]resource.PropertyValue{r.canary(), r.value(depth+2, unknowns)})
	case 1:
		return resource.NewProperty(resource.PropertyMap{"in": r.canary(), "and": r.value(depth+2, unknowns)})
	default:
		return r.canary()
	}
}

// written is how the engine writes properties, and how a plan has them where marks are wanted.
func written(properties resource.PropertyMap, how form, marks bool) map[string]any {
	if properties == nil {
		return nil
	}
	found := resource.PropertyMap{}
	for key, value := range properties {
		found[key] = rewritten(value, how, marks)
	}
	return marshalled(found)
}

func marshalled(properties resource.PropertyMap) map[string]any {
	found := map[string]any{}
	for key, value := range properties {
		found[string(key)] = plain(value)
	}
	return found
}

// plain is one value as property-values.json of the SDK has it; the test holds states to that schema.
func plain(value resource.PropertyValue) any {
	switch {
	case value.IsArray():
		list := make([]any, len(value.ArrayValue()))
		for i, it := range value.ArrayValue() {
			list[i] = plain(it)
		}
		return list
	case value.IsObject():
		return marshalled(value.ObjectValue())
	case value.IsAsset():
		return value.AssetValue().Serialize()
	case value.IsArchive():
		return value.ArchiveValue().Serialize()
	case value.IsComputed():
		return unknown(value.Input().Element)
	case value.IsSecret():
		return map[string]any{resource.SigKey: sig.Secret, "value": plain(value.SecretValue().Element)}
	case value.IsOutput():
		output := value.OutputValue()
		found := map[string]any{resource.SigKey: sig.OutputValue}
		if output.Known {
			found["value"] = plain(output.Element)
		}
		if output.Secret {
			found["secret"] = true
		}
		if len(output.Dependencies) > 0 {
			found["dependencies"] = output.Dependencies
		}
		return found
	case value.IsResourceReference():
		reference := value.ResourceReferenceValue()
		found := map[string]any{
			resource.SigKey: sig.ResourceReference, "urn": reference.URN, "packageVersion": reference.PackageVersion,
		}
		if id, has := reference.IDString(); has {
			found["id"] = id
		}
		return found
	case value.IsString() && !utf8.ValidString(value.StringValue()):
		bytes := base64.StdEncoding.EncodeToString([]byte(value.StringValue()))
		return map[string]any{resource.SigKey: sig.ByteString, "value": bytes}
	default:
		return value.V
	}
}

// unknown is the mark of a value like `example`: providers know seven, states and previews one.
func unknown(example resource.PropertyValue) string {
	switch {
	case example.IsBool():
		return sig.UnknownBoolValue
	case example.IsNumber():
		return sig.UnknownNumberValue
	case example.IsArray():
		return sig.UnknownArrayValue
	case example.IsAsset():
		return sig.UnknownAssetValue
	case example.IsArchive():
		return sig.UnknownArchiveValue
	case example.IsObject():
		return sig.UnknownObjectValue
	default:
		return sig.UnknownStringValue
	}
}

func rewritten(value resource.PropertyValue, how form, marks bool) resource.PropertyValue {
	again := func(it resource.PropertyValue) resource.PropertyValue { return rewritten(it, how, marks) }
	switch {
	case value.IsArray():
		list := make([]resource.PropertyValue, len(value.ArrayValue()))
		for i, it := range value.ArrayValue() {
			list[i] = again(it)
		}
		return resource.NewProperty(list)
	case value.IsObject():
		found := resource.PropertyMap{}
		for key, it := range value.ObjectValue() {
			found[key] = again(it)
		}
		return resource.NewProperty(found)
	case value.IsOutput():
		output := value.OutputValue()
		if how == wire && !marks {
			return value
		}
		element := output.Element
		if !output.Known {
			element = resource.MakeComputed(element)
		}
		if output.Secret {
			element = resource.MakeSecret(element)
		}
		return again(element)
	case value.IsSecret() && marks:
		return resource.NewProperty(resource.PropertyMap{"$secret": resource.NewProperty(true)})
	case value.IsSecret():
		return hidden(value.SecretValue().Element, how)
	case value.IsComputed() && marks:
		return resource.NewProperty(resource.PropertyMap{"$unknown": resource.NewProperty(true)})
	default:
		return value
	}
}

func hidden(element resource.PropertyValue, how form) resource.PropertyValue {
	secret := resource.PropertyMap{resource.SigKey: resource.NewProperty(resource.SecretSig)}
	switch how {
	case masked:
		return resource.NewProperty("[secret]")
	case blinded:
		secret["ciphertext"] = resource.NewProperty("[secret]")
	case ciphertext:
		secret["ciphertext"] = resource.NewProperty("v1:b9yRhLTyUTRQR9NE:AAAA")
	case plaintext:
		secret["plaintext"] = resource.NewProperty(encoded(marshalled(resource.PropertyMap{"v": element})["v"]))
	case wire:
		return resource.MakeSecret(element)
	}
	return resource.NewProperty(secret)
}
