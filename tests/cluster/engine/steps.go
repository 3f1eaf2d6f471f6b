package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

var kinds = []apitype.DiffKind{
	apitype.DiffAdd, apitype.DiffAddReplace, apitype.DiffDelete, apitype.DiffDeleteReplace, apitype.DiffUpdate, apitype.DiffUpdateReplace,
}

// resource tells one: a way from what runs to what is wanted that the engine can take.
func (s *stack) resource(number int, parent resource.URN) {
	urn := s.urn(number, parent)
	runs, wanted := s.side(urn, parent, false), s.side(urn, parent, true)
	told := truth{InDigest: true, Base: written(runs.properties, masked, true), Head: written(wanted.properties, masked, true)}
	none := func(side *map[string]any) { *side = nil }
	diff := map[string]apitype.PropertyDiff{"p0": {Kind: kinds[s.Intn(6)], InputDiff: true}, `p1["a.b"][0].c`: {Kind: kinds[s.Intn(6)]}}
	if s.Intn(3) == 0 {
		diff = nil
	}
	switch s.Intn(15) {
	case 0, 1:
		told.Operation = "create"
		none(&told.Base)
		s.step([]apitype.OpType{apitype.OpCreate, apitype.OpImport}[s.Intn(2)], nil, wanted, nil, true)
	case 2:
		told.Operation, told.InDigest = "same", false
		s.step(apitype.OpSame, runs, wanted, nil, false)
	case 3, 4:
		told.Operation = "update"
		s.step(apitype.OpUpdate, runs, wanted, diff, true)
	case 5:
		told.Operation = "delete"
		none(&told.Head)
		s.step(apitype.OpDelete, runs, nil, nil, true)
	case 6: // the new one comes first
		told.Operation = "replace"
		s.step(apitype.OpCreateReplacement, runs, wanted, diff, false)
		s.step(apitype.OpReplace, runs, wanted, diff, true)
		s.step(apitype.OpDeleteReplaced, runs, nil, nil, false)
	case 7: // the old one goes first
		told.Operation = "replace"
		s.step(apitype.OpDeleteReplaced, runs, nil, nil, false)
		s.step(apitype.OpReplace, runs, wanted, diff, true)
		s.step(apitype.OpCreateReplacement, runs, wanted, diff, false)
	case 8:
		told.Operation = "replace"
		operation := []apitype.OpType{apitype.OpImportReplacement, apitype.OpReadReplacement}[s.Intn(2)]
		s.step(operation, runs, wanted, diff, true)
		s.step(apitype.OpDiscardReplaced, runs, nil, nil, false)
	case 9: // read before, and looked at again
		told.Operation = "same"
		s.step(apitype.OpRead, runs, wanted, nil, true)
	case 10: // no longer read
		told.Operation = "same"
		none(&told.Head)
		s.step(apitype.OpReadDiscard, runs, nil, nil, true)
	case 11: // `--refresh`: what is found differs from the state
		found := s.side(urn, parent, false)
		told.Operation, told.Base, told.Found = "update", written(found.properties, masked, true), true
		s.refresh(runs, found)
		s.step(apitype.OpUpdate, found, wanted, diff, true)
	case 12: // `--refresh`, and nothing to do
		told.Operation, told.Head = "same", told.Base
		s.refresh(runs, runs)
		s.step(apitype.OpSame, runs, runs, nil, false)
	case 13: // an earlier replacement left something behind
		left := s.side(urn, parent, false)
		left.Delete = true
		told.Operation = "update"
		s.step(apitype.OpUpdate, runs, wanted, diff, true)
		s.step(apitype.OpDeleteReplaced, left, nil, nil, false)
		s.rows = append(s.rows, s.row(left, s.how))
	case 14: // it was called otherwise
		former := *runs
		former.URN = resource.NewURN("dev", project, "", urn.Type(), urn.Name()+"-former")
		told.Operation, told.BaseURN = "update", string(former.URN)
		runs = &former
		s.step(apitype.OpUpdate, runs, wanted, diff, true)
	}
	s.truth[string(urn)] = told
	if told.Base != nil {
		s.rows = append(s.rows, s.row(runs, s.how))
	}
}

func (s *stack) refresh(runs, found *state) {
	s.pre(apitype.OpRefresh, runs, nil, nil, true)
	s.outputs(apitype.OpRefresh, runs, found, nil)
}

func (s *stack) step(op apitype.OpType, old, wanted *state, diff map[string]apitype.PropertyDiff, inDigest bool) {
	s.counts[op]++
	s.pre(op, old, wanted, diff, inDigest)
	s.outputs(op, old, wanted, diff)
}

func (s *stack) pre(op apitype.OpType, old, wanted *state, diff map[string]apitype.PropertyDiff, inDigest bool) {
	metadata := s.metadata(op, old, wanted, diff)
	s.event(apitype.EngineEvent{ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: metadata, Planning: true}})
	if !inDigest {
		return
	}
	told := step{
		Op: string(op), URN: resource.URN(metadata.URN), Provider: metadata.Provider, DiffReasons: metadata.Diffs,
		ReplaceReasons: metadata.Keys,
	}
	for path, it := range diff {
		if told.DetailedDiff == nil {
			told.DetailedDiff = map[string]propertyDiff{}
		}
		told.DetailedDiff[path] = propertyDiff{Kind: string(it.Kind), InputDiff: it.InputDiff}
	}
	if old != nil {
		row := s.row(old, masked)
		told.OldState = &row
	}
	if wanted != nil {
		row := s.row(wanted, masked)
		told.NewState = &row
	}
	s.digest.Steps = append(s.digest.Steps, told)
}

func (s *stack) outputs(op apitype.OpType, old, wanted *state, diff map[string]apitype.PropertyDiff) {
	s.event(apitype.EngineEvent{ResOutputsEvent: &apitype.ResOutputsEvent{Metadata: s.metadata(op, old, wanted, diff), Planning: true}})
}

func (s *stack) metadata(op apitype.OpType, old, wanted *state, diff map[string]apitype.PropertyDiff) apitype.StepEventMetadata {
	either := wanted
	if either == nil {
		either = old
	}
	found := apitype.StepEventMetadata{
		Op: op, URN: string(either.URN), Type: string(either.Type), Old: s.told(old), New: s.told(wanted), DetailedDiff: diff, Logical: true,
	}
	if old != nil && wanted != nil && op != apitype.OpSame {
		found.Diffs = []string{"p0"}
		found.Keys = []string{"p0"}
	}
	return found
}

func (s *stack) told(it *state) *apitype.StepEventStateMetadata {
	if it == nil {
		return nil
	}
	properties := written(it.properties, blinded, false)
	return &apitype.StepEventStateMetadata{
		Type: string(it.Type), URN: string(it.URN), Custom: it.Custom, Delete: it.Delete, ID: string(it.ID), Parent: string(it.Parent),
		Protect: it.Protect, RetainOnDelete: it.RetainOnDelete, Inputs: properties, Outputs: properties, Provider: it.Provider,
		InitErrors: it.InitErrors, HideDiffs: it.HideDiff,
	}
}

func (s *stack) row(it *state, how form) apitype.ResourceV3 {
	found := it.ResourceV3
	found.Inputs = written(it.properties, how, false)
	found.Outputs = found.Inputs
	return found
}
