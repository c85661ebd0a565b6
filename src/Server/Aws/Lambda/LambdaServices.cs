using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Kernel.Packages;
using Lambent.Kernel.Storage;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Functions;
using Lambent.Server.Objects;

namespace Lambent.Server.Aws.Lambda;

/// <summary>What the operations of the Lambda API are made of.</summary>
internal sealed record LambdaServices
{
    public required IStore Store { get; init; }

    /// <summary>The only way to change a function.</summary>
    public required FunctionService Functions { get; init; }

    public required FunctionArns Arns { get; init; }

    public required IPackageStore Packages { get; init; }

    /// <summary>Where objects are that packages were uploaded as.</summary>
    public required ObjectService Objects { get; init; }

    public required ServerOptions Options { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Fresh ids for revisions.</summary>
    public required Func<string> NewId { get; init; }

    public required PageMarkers Markers { get; init; }

    public required IPackageLinks Links { get; init; }

    /// <summary>Whether a known runtime works on this machine: null, or an error that names what does.</summary>
    public required Func<RuntimeDefinition, Error?> CheckRuntime { get; init; }

    /// <summary>Told after a change that left a function pending or an update in progress; finishes it.</summary>
    public required Action<FunctionId> Activate { get; init; }

    /// <summary>Writes functions as the API shows them.</summary>
    public FunctionShapes Shapes => field ??= new FunctionShapes(Arns);

    /// <summary>Writes layer versions as the API shows them.</summary>
    public LayerShapes LayerShapes => field ??= new LayerShapes(Arns);

    /// <summary>What a command on this function gets besides its state.</summary>
    public CommandContext Context(FunctionId id) => new(Arns.Function(id), Time.GetUtcNow(), NewId);

    /// <summary>Applies a command that needs nothing but the function.</summary>
    public Task<Result<Function>> ChangeAsync(
        FunctionId id, Func<Function?, CommandContext, Result<Function>> apply, CancellationToken cancellation)
    {
        var context = Context(id);
        return Functions.ChangeAsync(id, (state, _) => apply(state, context), cancellation);
    }

    /// <summary>The function as of the last commit, whatever its qualifier, or FunctionNotFound.</summary>
    public Result<Function> Find(FunctionReference reference) =>
        Functions.Directory.Find(reference.Id) is { } snapshot
            ? snapshot.Function
            : FunctionErrors.NotFound(Arns.Function(reference.Id), reference.Qualifier);

    /// <summary>
    /// The version that the reference's qualifier means: $LATEST for none, the first version of an alias.
    /// </summary>
    public Result<(Function Function, FunctionVersion Version)> FindVersion(FunctionReference reference)
    {
        if (Functions.Directory.Find(reference.Id) is not { } snapshot)
        {
            return FunctionErrors.NotFound(Arns.Function(reference.Id), reference.Qualifier);
        }

        var name = reference.QualifierOrLatest;
        if (snapshot.Function.Aliases.TryGetValue(name, out var alias))
        {
            name = alias.FunctionVersion;
        }

        return snapshot.VersionOf(name) is { } version && version.Version == name
            ? (snapshot.Function, version)
            : FunctionErrors.NotFound(snapshot.Arn, reference.Qualifier);
    }

    /// <summary>The function in the path, for operations that change something.</summary>
    public Result<FunctionReference> Function(AwsRequest request) => Function(request, FunctionReferenceRule.Plain);

    /// <summary>The function in the path, for operations that read, call or delete.</summary>
    public Result<FunctionReference> NamespacedFunction(AwsRequest request) =>
        Function(request, FunctionReferenceRule.Namespaced);

    /// <summary>The function in the path, with the alias in the query, for function URLs.</summary>
    public Result<FunctionReference> FunctionOrAlias(AwsRequest request) =>
        Function(request, FunctionReferenceRule.AliasQualifier);

    private Result<FunctionReference> Function(AwsRequest request, FunctionReferenceRule rule) =>
        FunctionReference.Parse(
            request.Path("FunctionName"),
            request.Query("Qualifier"),
            request.Principal.Account,
            Options.Region,
            rule);
}
