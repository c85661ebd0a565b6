using System.Text.Json;
using Lambent.Kernel;
using Lambent.Server.Aws.Lambda.Shapes;

namespace Lambent.Server.Aws.Lambda;

/// <summary>
/// Refuses what the API knows and this server cannot do. Accepting such a member without effect would be a lie that
/// is found out in production; empty values, which tools send out of habit, mean nothing and pass.
/// </summary>
internal static class UnsupportedMembers
{
    /// <summary>The refusal of the first unsupported member, or null.</summary>
    public static Error? Check(ConfigurationRequest request)
    {
        if (request.VpcConfig is { } vpc && (vpc.SubnetIds is { Count: > 0 } || vpc.SecurityGroupIds is { Count: > 0 }))
        {
            return Refuse("VpcConfig", "a function reaches the platform and nothing else");
        }

        if (request.FileSystemConfigs is { Count: > 0 })
        {
            return Refuse("FileSystemConfigs", "functions have /tmp and nothing else to write to");
        }

        if (request.ImageConfig is { } image
            && (image.EntryPoint is { Count: > 0 } || image.Command is { Count: > 0 }
                || !string.IsNullOrEmpty(image.WorkingDirectory)))
        {
            return Refuse("ImageConfig", "functions are deployed as zip files");
        }

        return Text("KMSKeyArn", request.KMSKeyArn, "variables are kept in the server's own store")
            ?? Element("CapacityProviderConfig", request.CapacityProviderConfig)
            ?? Element("DurableConfig", request.DurableConfig);
    }

    /// <summary>The refusal of a member that has any value but an empty one.</summary>
    public static Error? Text(string member, string? value, string? reason = null) =>
        string.IsNullOrEmpty(value) ? null : Refuse(member, reason);

    /// <summary>The refusal of an object that has members, or of any other value.</summary>
    public static Error? Element(string member, JsonElement? value) => value switch
    {
        null => null,
        { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => null,
        { ValueKind: JsonValueKind.Object } element when !element.EnumerateObject().Any() => null,
        _ => Refuse(member, null),
    };

    /// <param name="reason">Why, as the end of a sentence; null when there is nothing to add.</param>
    public static Error Refuse(string member, string? reason) => new(
        ErrorCode.NotSupported,
        reason is null
            ? $"{member} is not supported by this server."
            : $"{member} is not supported by this server: {reason}.",
        member);
}
