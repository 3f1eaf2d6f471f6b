// Command engine writes what Pulumi's engine can write of a stack, in the engine's own types: the digest of a preview,
// its events, and states, random but valid, one JSON object a line; with each what a reader must make of it.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// sample is one stack on its way from one state to the next.
type sample struct {
	Seed   int64
	How    string // the form of secrets in the state
	Digest string
	Events string
	State  string
	// Truth says of each URN what the engine makes of it, and how a plan has its inputs.
	Truth map[string]truth
	// Policies are rules with what a review makes of a violation.
	Policies map[string]string
	Canaries int
}

type truth struct {
	Operation string         // as a review has it
	InDigest  bool           // whether the digest tells it
	Base      map[string]any // inputs as they run, marks for secrets and unknowns; nil where there is nothing
	Head      map[string]any
	BaseURN   string `json:",omitempty"`
	Found     bool   // a refresh found something else than the state has
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "schemas" {
		write(map[string]json.RawMessage{
			"deployments": json.RawMessage(apitype.DeploymentSchema()),
			"resources":   json.RawMessage(apitype.ResourceSchema()),
			"values":      json.RawMessage(apitype.PropertyValueSchema()),
		})
		return
	}
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: engine FIRST-SEED COUNT | engine schemas"))
	}
	first, err := strconv.ParseInt(os.Args[1], 10, 64)
	if err != nil {
		fail(err)
	}
	count, err := strconv.ParseInt(os.Args[2], 10, 64)
	if err != nil {
		fail(err)
	}
	for seed := first; seed < first+count; seed++ {
		write(newStack(seed).sample())
	}
}

func write(value any) {
	if err := json.NewEncoder(os.Stdout).Encode(value); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
