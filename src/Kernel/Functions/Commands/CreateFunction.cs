using System.Collections.Immutable;
using System.Diagnostics;
using Lambent.Kernel.Packages;

namespace Lambent.Kernel.Functions.Commands;

/// <summary>Creates a function in the state Pending; it can be called once its activation is finished.</summary>
public sealed record CreateFunction
{
    public required FunctionId Id { get; init; }

    /// <summary>With at least the runtime, the handler and the role.</summary>
    public required ConfigurationChange Configuration { get; init; }

    public required PackageReference Code { get; init; }

    /// <summary>Null: x86_64.</summary>
    public string? Architecture { get; init; }

    /// <summary>Whether version 1 is published at once.</summary>
    public bool Publish { get; init; }

    public IReadOnlyDictionary<string, string?> Tags { get; init; } = ImmutableDictionary<string, string?>.Empty;

    public static Result<Function> Apply(Function? state, CreateFunction command, CommandContext context)
    {
        if (state is not null)
        {
            return AlreadyExists(command.Id);
        }

        var (runtime, handler, role) =
            (command.Configuration.Runtime, command.Configuration.Handler, command.Configuration.Role);
        if (runtime is null || handler is null || role is null)
        {
            return FunctionErrors.InvalidParameter(
                "Runtime and Handler are mandatory parameters for functions created with deployment packages.");
        }

        if (ConfigurationRules.CheckTogether(command.Configuration, null) is { } contradiction)
        {
            return contradiction;
        }

        var tags = FunctionTags.Merge(NoTags, command.Tags);
        if (tags.Failed(out var tagged, out var untaggable))
        {
            return untaggable;
        }

        var blank = new FunctionVersion
        {
            Version = FunctionVersion.LatestName,
            Runtime = runtime,
            Handler = handler,
            Role = role,
            Code = command.Code,
            LastModifiedAt = context.Now,
            RevisionId = context.NewRevisionId(),
        };
        var latest = FunctionStates.Creating(command.Configuration.ApplyTo(blank)) with
        {
            Architecture = command.Architecture ?? blank.Architecture,
        };
        Debug.Assert(latest.Version == FunctionVersion.LatestName, "A new function starts with $LATEST");

        var created = new Function { Id = command.Id, Latest = latest, Tags = tagged };
        return command.Publish ? PublishVersion.Append(created, null, context) : created;
    }

    public static Error AlreadyExists(FunctionId id) =>
        new(ErrorCode.ResourceConflict, $"Function already exist: {id.Name}", "FunctionName");

    private static readonly ImmutableSortedDictionary<string, string> NoTags =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
