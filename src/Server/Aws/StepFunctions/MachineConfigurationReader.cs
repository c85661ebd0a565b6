using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Kernel.Workflows.Machines.Commands;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Reads what a machine has besides its definition. It is kept and shown; nothing here acts on it.</summary>
internal static class MachineConfigurationReader
{
    private const int KeyLengthMax = 2_048;

    /// <summary>Adds to the input's failure; what fails by other rules is the result's.</summary>
    public static Result<MachineConfiguration> Read(JsonInput input)
    {
        var logging = Logging(input.Structure("loggingConfiguration"));
        var tracing = input.Structure("tracingConfiguration") is { } given
            ? new DataObject(("enabled", given.Flag("enabled") ?? false)).ToString()
            : null;
        return logging.Failed(out var logs, out var wrong)
            || Encryption(input).Failed(out var encryption, out wrong)
                ? wrong
                : new MachineConfiguration(logs, tracing, encryption);
    }

    /// <summary>Keys of this server are all there is.</summary>
    public static Result<string?> Encryption(JsonInput input)
    {
        if (input.Structure("encryptionConfiguration") is not { } given)
        {
            return default(string);
        }

        var key = given.Text("kmsKeyId", 1, KeyLengthMax);
        given.Integer("kmsDataKeyReusePeriodSeconds", 60, 900);
        given.Require("type");
        var type = given.OneOf("type", "AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY");
        if (key is null && type != "CUSTOMER_MANAGED_KMS_KEY")
        {
            return type is null ? default(string) : new DataObject(("type", type)).ToString();
        }

        return MachineErrors.Configuration(
            "InvalidEncryptionConfiguration",
            "Invalid Encryption Configuration: this server has no keys of customers; the type must be AWS_OWNED_KEY.");
    }

    private static Result<string?> Logging(JsonInput? given)
    {
        if (given is null)
        {
            return default(string);
        }

        var level = given.OneOf("level", "ALL", "FATAL", "ERROR", "OFF") ?? "OFF";
        var answer = new AnswerBuilder()
            .Add("level", level)
            .Add("includeExecutionData", (DataValue)(given.Flag("includeExecutionData") ?? false));
        var destinations = given.Structures("destinations");
        var groups = destinations
            .Select(destination => destination.Structure("cloudWatchLogsLogGroup")
                ?.Text("logGroupArn", 1, WorkflowArns.LengthMax))
            .ToList();
        if (groups.Count > 1 || (level != "OFF" && groups is not [{ }]))
        {
            return MachineErrors.Configuration(
                "InvalidLoggingConfiguration",
                "Invalid Logging Configuration: Must specify exactly one Log Destination.");
        }

        if (groups is [{ } group])
        {
            answer.Add("destinations", new DataArray(
                [new DataObject(("cloudWatchLogsLogGroup", new DataObject(("logGroupArn", group))))]));
        }

        return answer.Build().ToString();
    }
}
