using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Packages;
using Lambent.Kernel.Storage;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>PublishLayerVersion: stores files under the layer's next number.</summary>
internal static class PublishLayerVersionOperation
{
    private const string Name = "PublishLayerVersion";

    public static AwsOperation Create(LambdaServices services) => new(
        Name, "POST", "/2018-10-31/layers/{LayerName}/versions", request => HandleAsync(services, request))
    {
        RequestBytesMax = Limits.CreateFunctionRequestBytesMax,
    };

    private static async ValueTask<Result<AwsResponse>> HandleAsync(LambdaServices services, AwsRequest request)
    {
        if (LayerTarget.Parse(services, request).Failed(out var target, out var misnamed))
        {
            return misnamed;
        }

        if (request.Json(LambdaJson.Wire.PublishLayerVersionRequest).Failed(out var body, out var unreadable))
        {
            return unreadable;
        }

        if ((Check(body) ?? target.RequireOwner(services, request, Name)) is { } wrong)
        {
            return wrong;
        }

        var content = body.Content!;
        var upload = new CodeUpload(content.ZipFile, content.S3Bucket, content.S3Key, content.S3ObjectVersion);
        var stored = await upload.StoreAsync(services, target.Account, request.Cancellation);
        if (stored.Failed(out var package, out var unstorable))
        {
            return unstorable;
        }

        var now = services.Time.GetUtcNow();
        var published = await services.Store.WriteAsync<LayerVersion>(
            transaction => Publish(transaction, target, body, package, now), request.Cancellation);
        return published.Select(layer => AwsResponse.Json(
            201,
            services.LayerShapes.Version(layer, services.Links.Download(request.Principal, layer.Content.Digest)),
            LambdaJson.Wire.LayerVersionShape));
    }

    private static LayerVersion Publish(
        ITransaction transaction,
        LayerTarget target,
        PublishLayerVersionRequest body,
        PackageReference package,
        DateTimeOffset now)
    {
        var layer = new LayerVersion
        {
            Account = target.Account,
            Name = target.Name,
            Version = transaction.Layers.NextVersion(target.Account, target.Name),
            Content = package,
            Description = body.Description ?? "",
            LicenseInfo = body.LicenseInfo,
            CompatibleRuntimes = [.. (body.CompatibleRuntimes ?? []).OfType<string>()],
            CompatibleArchitectures = [.. (body.CompatibleArchitectures ?? []).OfType<string>()],
            CreatedAt = now,
        };
        transaction.Layers.Put(layer);
        return layer;
    }

    private static Error? Check(PublishLayerVersionRequest body)
    {
        var violations = new ConstraintViolations();
        violations.Required(body.Content, "content");
        LayerRules.CheckForm(
            violations,
            body.Description,
            body.LicenseInfo,
            body.CompatibleRuntimes ?? [],
            body.CompatibleArchitectures ?? []);
        return violations.ToError();
    }
}

internal sealed record PublishLayerVersionRequest
{
    public FunctionCodeShape? Content { get; init; }

    public string? Description { get; init; }

    public string? LicenseInfo { get; init; }

    public IReadOnlyList<string?>? CompatibleRuntimes { get; init; }

    public IReadOnlyList<string?>? CompatibleArchitectures { get; init; }
}
