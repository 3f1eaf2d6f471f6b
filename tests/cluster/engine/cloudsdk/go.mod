module github.com/pulumi/pulumi-cloud-sdk/go

go 1.26.0
