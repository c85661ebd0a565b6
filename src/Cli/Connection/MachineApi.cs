using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Lambent.Cli.Connection;

internal sealed record ValidateMachineCall(string Definition, string Type, string Severity = "WARNING");

internal sealed record MachineProblem(string Severity, string Code, string Message, string? Location);

internal sealed record MachineValidation(string Result, List<MachineProblem> Diagnostics, bool Truncated);

internal sealed record CreateMachineCall(string Name, string Definition, string RoleArn, string Type);

internal sealed record MachineNameCall([property: JsonPropertyName("stateMachineArn")] string Arn);

internal sealed record UpdateMachineCall(
    [property: JsonPropertyName("stateMachineArn")] string Arn, string Definition);

internal sealed record DescribedMachine(
    [property: JsonPropertyName("stateMachineArn")] string Arn, string Type, string Definition);

/// <summary>What an answer names when the rest of it is not looked at.</summary>
internal sealed record NamedMachine
{
    [JsonPropertyName("stateMachineArn")]
    public string? Arn { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ValidateMachineCall))]
[JsonSerializable(typeof(MachineValidation))]
[JsonSerializable(typeof(CreateMachineCall))]
[JsonSerializable(typeof(MachineNameCall))]
[JsonSerializable(typeof(UpdateMachineCall))]
[JsonSerializable(typeof(DescribedMachine))]
[JsonSerializable(typeof(NamedMachine))]
internal sealed partial class MachineJson : JsonSerializerContext;

/// <summary>State machines, by the API of Step Functions: one method, one operation.</summary>
internal sealed class MachineApi(ServerClient server)
{
    public const string Standard = "STANDARD";
    public const string Express = "EXPRESS";

    /// <summary>The API demands a role; a task acts for the account of its machine, whatever it is.</summary>
    private const string Role = "arn:aws:iam::000000000000:role/lambent";

    public Task<MachineValidation> ValidateAsync(string definition, string type, CancellationToken cancellation) =>
        CallAsync(
            "ValidateStateMachineDefinition",
            new ValidateMachineCall(definition, type),
            MachineJson.Default.ValidateMachineCall,
            MachineJson.Default.MachineValidation,
            cancellation);

    /// <summary>The machine of this name, or null.</summary>
    public async Task<DescribedMachine?> FindAsync(string name, CancellationToken cancellation)
    {
        var known = await new ExecutionApi(server).MachinesAsync(cancellation);
        return known.Find(entry => entry.Name == name) is { IsDeleting: false } found
            ? await CallAsync(
                "DescribeStateMachine",
                new MachineNameCall(found.Arn),
                MachineJson.Default.MachineNameCall,
                MachineJson.Default.DescribedMachine,
                cancellation)
            : null;
    }

    /// <returns>Its ARN.</returns>
    public async Task<string> CreateAsync(
        string name, string definition, string type, CancellationToken cancellation) =>
        (await CallAsync(
            "CreateStateMachine",
            new CreateMachineCall(name, definition, Role, type),
            MachineJson.Default.CreateMachineCall,
            MachineJson.Default.NamedMachine,
            cancellation)).Arn ?? "";

    public Task UpdateAsync(string arn, string definition, CancellationToken cancellation) =>
        CallAsync(
            "UpdateStateMachine",
            new UpdateMachineCall(arn, definition),
            MachineJson.Default.UpdateMachineCall,
            MachineJson.Default.NamedMachine,
            cancellation);

    private Task<TAnswer> CallAsync<TCall, TAnswer>(
        string operation,
        TCall call,
        JsonTypeInfo<TCall> callShape,
        JsonTypeInfo<TAnswer> answerShape,
        CancellationToken cancellation) =>
        server.SendAsync(
            new ServerRequest(HttpMethod.Post, "/")
            {
                Body = JsonSerializer.SerializeToUtf8Bytes(call, callShape),
                ContentType = "application/x-amz-json-1.0",
                Headers = [KeyValuePair.Create("X-Amz-Target", $"AWSStepFunctions.{operation}")],
                Service = "states",
            },
            answerShape,
            cancellation);
}
