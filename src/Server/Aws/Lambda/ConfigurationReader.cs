using System.Collections.Immutable;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Lambda.Shapes;

namespace Lambent.Server.Aws.Lambda;

/// <summary>Reads a function's configuration from a request.</summary>
internal static class ConfigurationReader
{
    /// <summary>
    /// The change the request asks for, without its layers: they are resolved in the transaction, by
    /// <see cref="LayerResolution"/>. Adds what is malformed to <paramref name="violations"/>.
    /// </summary>
    public static ConfigurationChange Read(
        ConfigurationRequest request, ConstraintViolations violations, int timeoutSecondsMax)
    {
        var change = new ConfigurationChange
        {
            Runtime = request.Runtime,
            Handler = request.Handler,
            Role = request.Role,
            Description = request.Description,
            TimeoutSeconds = request.Timeout,
            MemoryMegabytes = request.MemorySize,
            EphemeralStorageMegabytes = request.EphemeralStorage?.Size,
            Variables = Variables(request.Environment, violations),
            TracingMode = request.TracingConfig?.Mode,
            LogFormat = request.LoggingConfig?.LogFormat,
            ApplicationLogLevel = request.LoggingConfig?.ApplicationLogLevel,
            SystemLogLevel = request.LoggingConfig?.SystemLogLevel,
            LogGroup = request.LoggingConfig?.LogGroup,
            SnapStartApplyOn = request.SnapStart?.ApplyOn,
            DeadLetterTarget = request.DeadLetterConfig is { } deadLetter ? deadLetter.TargetArn ?? "" : null,
        };
        ConfigurationRules.CheckForm(violations, change, timeoutSecondsMax);
        LayerResolution.CheckForm(violations, request.Layers ?? []);
        if (request.EphemeralStorage is { Size: null })
        {
            violations.Required(null, "ephemeralStorage.size");
        }

        return change;
    }

    /// <summary>The layers' ARNs, or null when the request does not touch them.</summary>
    public static IReadOnlyList<string>? Layers(ConfigurationRequest request) =>
        request.Layers is { } layers ? [.. layers.Select(layer => layer ?? "")] : null;

    /// <summary>Adds what is malformed of a list with one architecture.</summary>
    /// <returns>The architecture, or null when the request names none.</returns>
    public static string? Architecture(IReadOnlyList<string?>? architectures, ConstraintViolations violations)
    {
        const string Field = "architectures";
        if (architectures is null)
        {
            return null;
        }

        var shown = $"[{string.Join(", ", architectures.Take(10).Select(name => name ?? "null"))}]";
        switch (architectures)
        {
            case []:
                violations.Add(shown, Field, "Member must have length greater than or equal to 1");
                return null;
            case [var single] when single is not null && ConfigurationRules.Architectures.Contains(single):
                return single;
            case [_]:
                violations.Add(
                    shown,
                    Field,
                    "Member must satisfy constraint: [Member must satisfy enum value set: "
                    + $"[{string.Join(", ", ConfigurationRules.Architectures)}], Member must not be null]");
                return null;
            default:
                violations.Add(shown, Field, "Member must have length less than or equal to 1");
                return null;
        }
    }

    private static ImmutableSortedDictionary<string, string>? Variables(
        EnvironmentShape? environment, ConstraintViolations violations)
    {
        if (environment is null)
        {
            return null;
        }

        var variables = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in environment.Variables ?? ImmutableDictionary<string, string?>.Empty)
        {
            if (value is null)
            {
                violations.Add(
                    $"{{{name}=null}}",
                    "environment.variables",
                    "Map value must satisfy constraint: [Member must not be null]");
                continue;
            }

            variables[name] = value;
        }

        return variables.ToImmutable();
    }
}
