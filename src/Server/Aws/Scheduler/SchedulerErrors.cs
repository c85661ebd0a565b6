using System.Text.Json;
using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Scheduler;

/// <summary>The closed list of failures as the API of AWS's scheduler tells them.</summary>
internal static class SchedulerErrors
{
    public static AwsResponse Response(Error error)
    {
        var (status, type) = Map(error.Code);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();

            // Clients read the member that the model names; what is no part of the model has the common name.
            writer.WriteString(IsModelled(type) ? "Message"u8 : "message"u8, error.Message);
            writer.WriteEndObject();
        }

        return new AwsResponse(status, buffer.ToArray())
        {
            Headers = [KeyValuePair.Create(AwsErrors.TypeHeader, type)],
        };
    }

    /// <summary>HTTP status and the name of the exception.</summary>
    public static (int Status, string Type) Map(ErrorCode code) => code switch
    {
        ErrorCode.ResourceConflict => (409, "ConflictException"),
        ErrorCode.ScheduleQuotaExceeded => (402, "ServiceQuotaExceededException"),
        ErrorCode.LimitExceeded => (429, "ThrottlingException"),
        ErrorCode.RequestUnreadable => (400, "SerializationException"),
        ErrorCode.UnknownOperation => (404, "UnknownOperationException"),
        ErrorCode.Internal => (500, "InternalServerException"),

        // A function or queue that a schedule names is not what the request is for.
        ErrorCode.FunctionNotFound or ErrorCode.QueueNotFound or ErrorCode.InvalidParameter
            or ErrorCode.MissingParameter or ErrorCode.NotSupported => (400, "ValidationException"),
        _ => AwsErrors.Map(code),
    };

    private static bool IsModelled(string type) =>
        type is "ValidationException" or "ConflictException" or "ResourceNotFoundException"
            or "ServiceQuotaExceededException" or "ThrottlingException" or "InternalServerException";
}
