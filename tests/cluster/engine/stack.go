package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

const project = "other"

// digest is what `pulumi preview --json` prints; its own types are in no module that can be built from alone (those of
// its steps, with these tags: `go/auto/stack.go` of the SDK).
type digest struct {
	Config        map[string]string      `json:"config,omitempty"`
	Steps         []step                 `json:"steps,omitempty"`
	Diagnostics   []diagnostic           `json:"diagnostics,omitempty"`
	Duration      int64                  `json:"duration,omitempty"`
	ChangeSummary map[apitype.OpType]int `json:"changeSummary,omitempty"`
	MaybeCorrupt  bool                   `json:"maybeCorrupt,omitempty"`
}

type step struct {
	Op             string                  `json:"op"`
	URN            resource.URN            `json:"urn"`
	Provider       string                  `json:"provider,omitempty"`
	OldState       *apitype.ResourceV3     `json:"oldState,omitempty"`
	NewState       *apitype.ResourceV3     `json:"newState,omitempty"`
	DiffReasons    []string                `json:"diffReasons,omitempty"`
	ReplaceReasons []string                `json:"replaceReasons,omitempty"`
	DetailedDiff   map[string]propertyDiff `json:"detailedDiff"`
}

type propertyDiff struct {
	Kind      string `json:"kind"`
	InputDiff bool   `json:"inputDiff"`
}

type diagnostic struct {
	URN      string `json:"urn,omitempty"`
	Message  string `json:"message,omitempty"`
	Severity string `json:"severity,omitempty"`
}

// state is one side of a resource.
type state struct {
	apitype.ResourceV3
	properties resource.PropertyMap
}

// stack collects what the engine tells of it.
type stack struct {
	*values
	seed     int64
	how      form
	digest   digest
	events   []apitype.EngineEvent
	rows     []apitype.ResourceV3
	truth    map[string]truth
	policies map[string]string
	counts   map[apitype.OpType]int
}

func newStack(seed int64) *stack {
	random := rand.New(rand.NewSource(seed)) //nolint:gosec // a seed is the point
	found := &stack{
		seed:     seed,
		values:   &values{Rand: random},
		how:      []form{ciphertext, plaintext, wire}[random.Intn(3)],
		truth:    map[string]truth{},
		policies: map[string]string{},
		counts:   map[apitype.OpType]int{},
	}
	return found
}

func (s *stack) sample() sample {
	s.event(apitype.EngineEvent{PreludeEvent: &apitype.PreludeEvent{Config: map[string]string{"other:a": "[secret]"}}})
	s.event(apitype.EngineEvent{PolicyLoadEvent: &apitype.PolicyLoadEvent{}})
	root := s.root()
	for number := range 4 + s.Intn(8) {
		s.resource(number, root)
		s.chatter()
	}
	s.event(apitype.EngineEvent{SummaryEvent: &apitype.SummaryEvent{
		ResourceChanges: s.counts, IsPreview: true, Result: apitype.OperationResultSucceeded,
		PolicyPacks: map[string]string{"pack|local|policy": "0.1.0"},
	}})
	s.event(apitype.EngineEvent{CancelEvent: &apitype.CancelEvent{}})
	s.digest.ChangeSummary, s.digest.Duration = s.counts, 7
	deployment, err := json.Marshal(apitype.DeploymentV3{Resources: s.rows})
	if err != nil {
		fail(err)
	}
	lines := make([]string, len(s.events))
	for at, it := range s.events {
		lines[at] = encoded(it)
	}
	return sample{
		Seed:     s.seed,
		How:      map[form]string{ciphertext: "ciphertext", plaintext: "plaintext", wire: "wire"}[s.how],
		Digest:   encoded(s.digest),
		Events:   strings.Join(lines, "\n") + "\n",
		State:    encoded(apitype.UntypedDeployment{Version: 3, Deployment: deployment}),
		Truth:    s.truth,
		Policies: s.policies,
		Canaries: s.canaries,
	}
}

func encoded(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		fail(err)
	}
	return string(text)
}

func (s *stack) event(it apitype.EngineEvent) {
	it.Sequence, it.Timestamp = len(s.events), 1795240990
	s.events = append(s.events, it)
}

func (s *stack) root() resource.URN {
	urn := resource.NewURN("dev", project, "", resource.RootStackType, "other-dev")
	side := state{ResourceV3: apitype.ResourceV3{URN: urn, Type: resource.RootStackType}}
	side.Outputs = map[string]any{}
	s.step(apitype.OpSame, &side, &side, nil, true)
	s.rows = append(s.rows, side.ResourceV3)
	return urn
}

// chatter is what the engine says beside its steps.
func (s *stack) chatter() {
	switch s.Intn(9) {
	case 0:
		severity := []string{"info", "info#err", "debug", "warning"}[s.Intn(4)]
		message, prefix := s.word()+"\n", ""
		if severity == "warning" {
			prefix = "warning: "
		}
		s.event(apitype.EngineEvent{DiagnosticEvent: &apitype.DiagnosticEvent{
			Prefix: "<{%fg 3%}>" + prefix + "<{%reset%}>", Message: message + "<{%reset%}>", Color: "raw", Severity: severity, StreamID: s.Intn(2),
		}})
		if severity != "debug" {
			s.digest.Diagnostics = append(s.digest.Diagnostics, diagnostic{Message: prefix + message, Severity: severity})
		}
	case 1:
		s.event(apitype.EngineEvent{StdoutEvent: &apitype.StdoutEngineEvent{Message: s.word(), Color: "raw"}})
	case 2:
		name := fmt.Sprintf("rule-%d", len(s.policies))
		level := []string{"advisory", "mandatory", "disabled", "remediate"}[s.Intn(4)]
		violation := &apitype.PolicyEvent{
			Message: s.word() + "<{%reset%}>", PolicyName: name, PolicyPackName: "pack", PolicyPackVersion: "1", EnforcementLevel: level, Severity: "high",
		}
		told := "advisory"
		switch {
		case level == "disabled":
			told = ""
		case level == "mandatory" && s.Intn(2) == 0:
			violation.Exceptions = []apitype.PolicyEventException{{ID: "E-1", Reason: s.word()}}
		case level == "mandatory":
			told = "mandatory"
		}
		s.policies["pack/"+name] = told
		s.event(apitype.EngineEvent{PolicyEvent: violation})
	case 3:
		s.event(apitype.EngineEvent{PolicyRemediationEvent: &apitype.PolicyRemediationEvent{
			PolicyName: "mends", PolicyPackName: "pack", Before: written(s.properties(false), blinded, false),
		}})
	case 4:
		s.event(apitype.EngineEvent{PolicyAnalyzeSummaryEvent: &apitype.PolicyAnalyzeSummaryEvent{PolicyPackName: "pack", Passed: []string{"a"}}})
		s.event(apitype.EngineEvent{PolicyRemediateSummaryEvent: &apitype.PolicyRemediateSummaryEvent{PolicyPackName: "pack"}})
		s.event(apitype.EngineEvent{PolicyAnalyzeStackSummaryEvent: &apitype.PolicyAnalyzeStackSummaryEvent{PolicyPackName: "pack"}})
	case 5:
		s.event(apitype.EngineEvent{ProgressEvent: &apitype.ProgressEvent{Type: apitype.PluginDownload, Message: s.word()}})
	case 6:
		s.event(apitype.EngineEvent{StartDebuggingEvent: &apitype.StartDebuggingEvent{Config: map[string]any{"a": 1}}})
	}
}

func (s *stack) properties(unknowns bool) resource.PropertyMap {
	found := resource.PropertyMap{"__internal": resource.NewProperty("x")}
	for number := range s.Intn(5) {
		found[resource.PropertyKey(fmt.Sprintf("p%d", number))] = s.value(0, unknowns)
	}
	return found
}

func (s *stack) side(urn resource.URN, parent resource.URN, unknowns bool) *state {
	kind := urn.Type()
	it := apitype.ResourceV3{
		URN: urn, Type: kind, Custom: true, Parent: parent, ID: "i-1", Protect: s.Intn(4) == 0, RetainOnDelete: s.Intn(4) == 0,
	}
	if s.Intn(3) == 0 {
		it.Dependencies = []resource.URN{parent}
		it.PropertyDependencies = map[resource.PropertyKey][]resource.URN{"p0": {parent}}
		it.CustomTimeouts = &resource.CustomTimeouts{Create: 600, Delete: 1.5}
		it.HideDiff = []resource.PropertyPath{{"p0", 1, "a.b"}}
		it.ReplaceWith = []resource.URN{parent}
		it.ReplacementTrigger = "t"
		it.IgnoreChanges, it.ReplaceOnChanges = []string{"p1"}, []string{"p2"}
		it.AdditionalSecretOutputs = []resource.PropertyKey{"o"}
		it.ResourceHooks = map[resource.HookType][]string{resource.BeforeCreate: {"h"}}
		it.InitErrors = []string{s.word()}
		it.StackTrace = []apitype.StackFrameV1{{SourcePosition: "project:///a.py#1,1"}}
	}
	properties := s.properties(unknowns)
	if kind == "kubernetes:core/v1:ConfigMap" {
		properties = resource.PropertyMap{
			"apiVersion": resource.NewProperty("v1"), "kind": resource.NewProperty("ConfigMap"),
			"metadata": resource.NewProperty(resource.PropertyMap{"name": resource.NewProperty(string(urn.Name()))}),
			"data":     resource.NewProperty(resource.PropertyMap{"k": resource.NewProperty(s.word())}),
		}
	}
	return &state{it, properties}
}

func (s *stack) urn(number int, parent resource.URN) resource.URN {
	kinds := []tokens.Type{"aws:s3/bucket:Bucket", "random:index/randomPassword:RandomPassword", "kubernetes:core/v1:ConfigMap",
		"azure-native:storage:StorageAccount"}
	name := fmt.Sprintf("%d-%s", number, s.word())
	return resource.NewURN("dev", project, parent.QualifiedType(), kinds[s.Intn(len(kinds))], name)
}
