// Command promql evaluates expressions of Prometheus on series that it is given: one JSON object a line in, one out.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
)

type question struct {
	Expression  string
	At          int64 // seconds since 1970
	StepSeconds int64
	Series      map[string][]float64 // by selector; the last value lies at At
}

type answer struct {
	Series []map[string]string
	Values []float64
	Error  string
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fail(err)
		}
		found, err := evaluate(asked)
		if err != nil {
			found = answer{Error: err.Error()}
		}
		if err := out.Encode(found); err != nil {
			fail(err)
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func evaluate(asked question) (answer, error) {
	folder, err := os.MkdirTemp("", "promql")
	if err != nil {
		return answer{}, err
	}
	defer os.RemoveAll(folder)
	db, err := tsdb.Open(folder, nil, nil, tsdb.DefaultOptions(), nil)
	if err != nil {
		return answer{}, err
	}
	defer db.Close()
	if err := appendAll(db.Appender(context.Background()), asked); err != nil {
		return answer{}, err
	}
	engine := promql.NewEngine(promql.EngineOpts{
		MaxSamples: 1_000_000, Timeout: time.Minute, LookbackDelta: 5 * time.Minute,
	})
	ctx := context.Background()
	query, err := engine.NewInstantQuery(ctx, db, nil, asked.Expression, time.Unix(asked.At, 0))
	if err != nil {
		return answer{}, err
	}
	defer query.Close()
	vector, err := query.Exec(ctx).Vector()
	found := answer{Series: []map[string]string{}, Values: []float64{}}
	for _, sample := range vector {
		found.Series = append(found.Series, sample.Metric.Map())
		found.Values = append(found.Values, sample.F)
	}
	return found, err
}

func appendAll(to storage.Appender, asked question) error {
	for selector, values := range asked.Series {
		of, err := parser.ParseMetric(selector)
		if err != nil {
			return fmt.Errorf("%s: %w", selector, err)
		}
		for index, value := range values {
			at := asked.At - int64(len(values)-1-index)*asked.StepSeconds
			if _, err := to.Append(0, of, at*1000, value); err != nil {
				return err
			}
		}
	}
	return to.Commit()
}
