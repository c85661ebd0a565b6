using System.Collections.Immutable;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Workflows;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>State machines as the API shows them.</summary>
internal static class MachineShapes
{
    private static readonly DataObject NoLogging = new(("level", "OFF"), ("includeExecutionData", false));
    private static readonly DataObject NoTracing = new(("enabled", false));
    private static readonly DataObject OwnedKey = new(("type", "AWS_OWNED_KEY"));

    public static string TypeOf(StateMachineType type) => type == StateMachineType.Express ? "EXPRESS" : "STANDARD";

    public static DataObject Summary(StateMachine machine, string region) => new AnswerBuilder()
        .Add("stateMachineArn", machine.Id.Arn(region))
        .Add("name", machine.Id.Name)
        .Add("type", TypeOf(machine.Type))
        .Add("creationDate", machine.CreatedAt)
        .Build();

    public static DataObject Describe(DescribedMachine described, string region, bool withData)
    {
        var (machine, revision, version) = described;
        var arn = machine.Id.Arn(region) + (version is null ? "" : $":{version.Number}");
        var answer = new AnswerBuilder()
            .Add("stateMachineArn", arn)
            .Add("name", machine.Id.Name)
            .Add("status", machine.IsDeleting ? "DELETING" : "ACTIVE")
            .Add("definition", withData ? revision.Definition : "")
            .Add("roleArn", revision.RoleArn)
            .Add("type", TypeOf(machine.Type))
            .Add("creationDate", version?.CreatedAt ?? machine.CreatedAt);
        return AddConfiguration(answer, revision)
            .Add("revisionId", revision.Revision)
            .Add("description", version?.Description)
            .Build();
    }

    public static AnswerBuilder AddConfiguration(AnswerBuilder answer, StateMachineRevision revision) => answer
        .Add("loggingConfiguration", Read(revision.Logging) ?? NoLogging)
        .Add("tracingConfiguration", Read(revision.Tracing) ?? NoTracing)
        .Add("encryptionConfiguration", Read(revision.Encryption) ?? OwnedKey);

    public static DataObject DescribeAlias(StateMachineAlias alias, string machineArn) => new AnswerBuilder()
        .Add("stateMachineAliasArn", $"{machineArn}:{alias.Name}")
        .Add("name", alias.Name)
        .Add("description", alias.Description)
        .Add("routingConfiguration", Routes(alias.Routes, machineArn))
        .Add("creationDate", alias.CreatedAt)
        .Add("updateDate", alias.UpdatedAt)
        .Build();

    /// <summary>Tags as the API lists them.</summary>
    public static DataArray Tags(ImmutableSortedDictionary<string, string> tags) =>
        new([.. tags.Select(tag => new DataObject(("key", tag.Key), ("value", tag.Value)))]);

    private static DataArray Routes(ImmutableArray<AliasRoute> routes, string machineArn) =>
        new([.. routes.Select(route => new DataObject(
            ("stateMachineVersionArn", $"{machineArn}:{route.Version}"), ("weight", route.Weight)))]);

    private static DataValue? Read(string? json) => json is null ? null : DataReader.Read(json).Value;
}
