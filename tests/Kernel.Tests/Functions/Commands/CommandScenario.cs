using System.Collections.Immutable;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Kernel.Packages;
using Shouldly;

namespace Lambent.Kernel.Tests.Functions.Commands;

/// <summary>
/// A function's life as a list of words, so that a test reads as what happened. Ids and times are counted, so every
/// run is the same.
/// </summary>
internal sealed class CommandScenario
{
    public const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:one";

    private static readonly FunctionId Id = new(AccountId.Root, "one");
    private int revisions;
    private int minutes;

    public Function? State { get; private set; }

    public Error? Failure { get; private set; }

    public static PackageReference Package(int number) => new(number.ToString("x64", null), 100 + number);

    /// <summary>Runs steps such as "create", "activate", "alias live 1"; all but the last must succeed.</summary>
    public static CommandScenario Run(params string[] steps)
    {
        var scenario = new CommandScenario();
        foreach (var step in steps)
        {
            scenario.Failure.ShouldBeNull($"before {step}");
            scenario.Step(step);
        }

        return scenario;
    }

    public void Step(string step)
    {
        var words = step.Split(' ');
        var now = new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero).AddMinutes(++minutes);
        var context = new CommandContext(Arn, now, () => $"r{++revisions}");
        var before = State;
        var result = Apply(words[0], [.. words.Skip(1)], context);
        Failure = result.Error;
        if (result.IsSuccess)
        {
            State = words[0] == "delete" ? null : result.Value;
        }
        else
        {
            State.ShouldBe(before, "a failure leaves the state as it was");
        }
    }

    private Result<Function> Apply(string verb, string[] words, CommandContext context) => verb switch
    {
        "create" => CreateFunction.Apply(State, Creation(words.Contains("publish")), context),
        "code" => UpdateFunctionCode.Apply(
            State,
            new UpdateFunctionCode
            {
                Code = Package(int.Parse(words[0], null)),
                Publish = words.Contains("publish"),
                RevisionId = Revision(words),
            },
            context),
        "timeout" => UpdateFunctionConfiguration.Apply(
            State,
            new UpdateFunctionConfiguration
            {
                Configuration = new ConfigurationChange { TimeoutSeconds = int.Parse(words[0], null) },
                RevisionId = Revision(words),
            },
            context),
        "describe" => UpdateFunctionConfiguration.Apply(
            State,
            new UpdateFunctionConfiguration { Configuration = new ConfigurationChange { Description = words[0] } },
            context),
        "activate" => Finish(words is [var version] ? version : FunctionVersion.LatestName, null, context),
        "fail" => Finish(words is [var version] ? version : FunctionVersion.LatestName, "no disk", context),
        "finish-stale" => FinishActivation.Apply(
            State,
            new FinishActivation { Version = FunctionVersion.LatestName, RevisionId = "r0" },
            context),
        "publish" => PublishVersion.Apply(
            State,
            new PublishVersion { Description = words.FirstOrDefault(), RevisionId = Revision(words) },
            context),
        "delete" => DeleteFunction.Apply(State, context).Select(_ => State!),
        "delete-version" => DeleteVersion.Apply(State, new DeleteVersion(words[0]), context),
        "alias" => CreateAlias.Apply(
            State, new CreateAlias { Name = words[0], FunctionVersion = words[1], Routing = Routing(words) }, context),
        "move" => UpdateAlias.Apply(
            State,
            new UpdateAlias
            {
                Name = words[0],
                FunctionVersion = words[1],
                Routing = Routing(words),
                RevisionId = Revision(words),
            },
            context),
        "drop-alias" => DeleteAlias.Apply(State, new DeleteAlias(words[0]), context),
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "no such step"),
    };

    private Result<Function> Finish(string version, string? failure, CommandContext context)
    {
        var found = version == FunctionVersion.LatestName ? State?.Latest : State?.Versions[long.Parse(version, null)];
        return FinishActivation.Apply(
            State,
            new FinishActivation
            {
                Version = version,
                RevisionId = found?.RevisionId ?? "none",
                FailureReason = failure,
            },
            context);
    }

    /// <summary>"@current" is the revision of $LATEST, or of the alias the step names; "@x" is another one.</summary>
    private string? Revision(string[] words) => words.FirstOrDefault(word => word.StartsWith('@')) switch
    {
        "@current" => State is { } state && state.Aliases.TryGetValue(words[0], out var alias)
            ? alias.RevisionId
            : State?.Latest.RevisionId,
        var other => other,
    };

    /// <summary>"2=0.5" routes half to version 2; "none" takes the routing away.</summary>
    private static AliasRouting? Routing(string[] words) =>
        words.Contains("none") ? new AliasRouting([])
        : words.Where(word => word.Contains('=', StringComparison.Ordinal)).ToList() is { Count: > 0 } weights
            ? new AliasRouting([.. weights.Select(Weight)])
            : null;

    private static KeyValuePair<string, double?> Weight(string word) =>
        KeyValuePair.Create(word.Split('=')[0], (double?)double.Parse(word.Split('=')[1], null));

    private static CreateFunction Creation(bool publish) => new()
    {
        Id = Id,
        Configuration = new ConfigurationChange
        {
            Runtime = "nodejs20.x",
            Handler = "index.handler",
            Role = "arn:aws:iam::000000000000:role/x",
            Layers = ImmutableArray<LayerReference>.Empty,
        },
        Code = Package(1),
        Publish = publish,
    };
}
