using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Kernel.Packages;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>UpdateFunctionCode: stores other code and gives it to $LATEST.</summary>
internal static class UpdateFunctionCodeOperation
{
    public static AwsOperation Create(LambdaServices services) => new(
        "UpdateFunctionCode",
        "PUT",
        "/2015-03-31/functions/{FunctionName}/code",
        request => HandleAsync(services, request))
    {
        RequestBytesMax = Limits.CreateFunctionRequestBytesMax,
        Target = services.Function,
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(LambdaServices services, AwsRequest request)
    {
        if (request.Function.RequireUnqualified().Failed(out var reference, out var qualified))
        {
            return qualified;
        }

        if (request.Json(LambdaJson.Wire.UpdateFunctionCodeRequest).Failed(out var body, out var unreadable))
        {
            return unreadable;
        }

        var violations = new ConstraintViolations();
        var architecture = ConfigurationReader.Architecture(body.Architectures, violations);
        var upload = new CodeUpload(body.ZipFile, body.S3Bucket, body.S3Key, body.S3ObjectVersion);
        if ((violations.ToError() ?? Unsupported(body)) is { } wrong)
        {
            return wrong;
        }

        // Looked up before the code is stored: most mistakes are found without writing anything.
        if (services.Find(reference).Failed(out var current, out var unknown))
        {
            return unknown;
        }

        if (UpdateFunctionCode.Check(current, body.RevisionId, services.Context(reference.Id)) is { } unchangeable)
        {
            return unchangeable;
        }

        var stored = await upload.StoreAsync(services, request.Principal.Account, request.Cancellation);
        return stored.Failed(out var code, out var unstorable)
            ? unstorable
            : await ApplyAsync(services, request, body, Command(body, code, architecture), current);
    }

    private static UpdateFunctionCode Command(
        UpdateFunctionCodeRequest body, PackageReference code, string? architecture) => new()
        {
            Code = code,
            Architecture = architecture,
            Publish = body.Publish ?? false,
            RevisionId = body.RevisionId,
        };

    private static async ValueTask<Result<AwsResponse>> ApplyAsync(
        LambdaServices services,
        AwsRequest request,
        UpdateFunctionCodeRequest body,
        UpdateFunctionCode command,
        Function current)
    {
        var id = current.Id;
        var dryRun = body.DryRun ?? false;
        var sizes = await PackageSizes.MeasureAsync(
            services,
            current.Latest.Layers.Select(layer => layer.Content).Append(command.Code),
            request.Cancellation);
        var result = dryRun
            ? UpdateFunctionCode.Apply(current, command, services.Context(id)).Then(sizes.Check)
            : await services.ChangeAsync(
                id,
                (state, context) => UpdateFunctionCode.Apply(state, command, context).Then(sizes.Check),
                request.Cancellation);
        if (result.Failed(out var function, out var failure))
        {
            return failure;
        }

        if (!dryRun)
        {
            services.Activate(id);
        }

        var version = command.Publish ? function.Versions[function.LastPublishedVersion] : function.Latest;
        return AwsResponse.Json(
            200,
            services.Shapes.Configuration(id, version, command.Publish ? version.Version : null),
            LambdaJson.Wire.FunctionConfigurationShape);
    }

    private static Error? Unsupported(UpdateFunctionCodeRequest body) =>
        string.IsNullOrEmpty(body.ImageUri)
            ? UnsupportedMembers.Text("SourceKMSKeyArn", body.SourceKMSKeyArn)
                ?? UnsupportedMembers.Text("PublishTo", body.PublishTo)
            : FunctionErrors.InvalidParameter(
                "Please don't provide ImageUri when updating a function with packageType Zip.", "ImageUri");
}
