using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Kernel.Packages;
using Lambent.Kernel.Queues;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Functions;

namespace Lambent.Server.Aws.Lambda;

/// <summary>CreateFunction: stores the code, then creates the function in the state Pending.</summary>
internal static class CreateFunctionOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "CreateFunction", "POST", "/2015-03-31/functions", request => HandleAsync(services, request))
    {
        RequestBytesMax = Limits.CreateFunctionRequestBytesMax,
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(LambdaServices services, AwsRequest request)
    {
        // :: Step 1: Is the request sound? Nothing is stored for one that is not.
        if (request.Json(LambdaJson.Wire.CreateFunctionRequest).Failed(out var body, out var unreadable))
        {
            return unreadable;
        }

        if (Check(services, request, body).Failed(out var plan, out var refused))
        {
            return refused;
        }

        // :: Step 2: Store the code, durably, before anything refers to it.
        var stored = await plan.Upload.StoreAsync(services, plan.Id.Account, request.Cancellation);
        if (stored.Failed(out var code, out var unstorable))
        {
            return unstorable;
        }

        // :: Step 3: Create the function.
        var created = await CommitAsync(services, request, plan, body, code);
        if (created.Failed(out var function, out var failure))
        {
            return failure;
        }

        services.Activate(function.Id);
        var version = function.Versions.GetValueOrDefault(function.LastPublishedVersion) ?? function.Latest;
        return AwsResponse.Json(
            201,
            services.Shapes.Configuration(function.Id, version, null),
            LambdaJson.Wire.FunctionConfigurationShape);
    }

    private static Result<Plan> Check(LambdaServices services, AwsRequest request, CreateFunctionRequest body)
    {
        var violations = new ConstraintViolations();
        violations.Required(body.FunctionName, "functionName");
        violations.Required(body.Role, "role");
        violations.Required(body.Code, "code");
        violations.OneOf(body.PackageType, "packageType", ["Image", "Zip"]);
        var configuration = ConfigurationReader.Read(body, violations, services.Options.TimeoutSecondsMax);
        var architecture = ConfigurationReader.Architecture(body.Architectures, violations);
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        var account = request.Principal.Account;
        if (FunctionReference.Parse(
                body.FunctionName!, null, account, services.Options.Region, FunctionReferenceRule.Plain)
            .Then(reference => reference.RequireUnqualified())
            .Failed(out var reference, out var misnamed))
        {
            return misnamed;
        }

        if (reference.Id.Account != account)
        {
            return LayerAccess.Denied(
                request.Principal.Arn, services.Arns.Function(reference.Id), "lambda:CreateFunction");
        }

        var upload = new CodeUpload(body.Code!.ZipFile, body.Code.S3Bucket, body.Code.S3Key, body.Code.S3ObjectVersion);
        var wrong = Unsupported(body)
            ?? ConfigurationRules.CheckMeaning(configuration, services.CheckRuntime)
            ?? FunctionTags.Validate(body.Tags ?? NoTags)
            ?? upload.Check()
            ?? CheckNew(services, reference.Id);
        return wrong is null ? new Plan(reference.Id, configuration, architecture, upload) : wrong;
    }

    private static async Task<Result<Function>> CommitAsync(
        LambdaServices services, AwsRequest request, Plan plan, CreateFunctionRequest body, PackageReference code)
    {
        var context = services.Context(plan.Id);
        var arns = ConfigurationReader.Layers(body) ?? [];
        var sizes = await PackageSizes.MeasureAsync(
            services, PackageSizes.Layers(services, arns).Append(code), request.Cancellation);
        return await services.Functions.ChangeAsync(
            plan.Id,
            (state, transaction) => CheckDeadLetter(services, plan, transaction.Queues)
                .Then(_ => LayerResolution.Resolve(
                    arns, request.Principal, services.Options.Region, transaction.Layers))
                .Then(layers => CreateFunction.Apply(
                    state,
                    new CreateFunction
                    {
                        Id = plan.Id,
                        Configuration = plan.Configuration with { Layers = layers },
                        Code = code,
                        Architecture = plan.Architecture,
                        Publish = body.Publish ?? false,
                        Tags = body.Tags ?? NoTags,
                    },
                    context))
                .Then(sizes.Check),
            request.Cancellation);
    }

    private static Result<Done> CheckDeadLetter(LambdaServices services, Plan plan, IQueueTable queues) =>
        plan.Configuration.DeadLetterTarget is { Length: > 0 } target
        && DestinationRules.CheckDeadLetter(target, plan.Id, services.Options.Region, queues) is { } missing
            ? missing
            : Done.Value;

    private static Error? Unsupported(CreateFunctionRequest body)
    {
        if (body.PackageType == "Image" || !string.IsNullOrEmpty(body.Code?.ImageUri))
        {
            return UnsupportedMembers.Refuse(
                body.PackageType == "Image" ? "PackageType Image" : "ImageUri", "functions are deployed as zip files");
        }

        return UnsupportedMembers.Check(body)
            ?? UnsupportedMembers.Text("CodeSigningConfigArn", body.CodeSigningConfigArn)
            ?? UnsupportedMembers.Text("SourceKMSKeyArn", body.Code?.SourceKMSKeyArn)
            ?? UnsupportedMembers.Text("PublishTo", body.PublishTo)
            ?? UnsupportedMembers.Element("TenancyConfig", body.TenancyConfig);
    }

    /// <summary>Tells early what the command would tell late, before the code is stored for nothing.</summary>
    private static Error? CheckNew(LambdaServices services, FunctionId id) =>
        services.Functions.Directory.Find(id) is null ? null : CreateFunction.AlreadyExists(id);

    private static readonly IReadOnlyDictionary<string, string?> NoTags = new Dictionary<string, string?>();

    private sealed record Plan(
        FunctionId Id, ConfigurationChange Configuration, string? Architecture, CodeUpload Upload);
}
