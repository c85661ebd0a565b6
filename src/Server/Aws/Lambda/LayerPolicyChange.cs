using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>Applies a command to the layer version a request names; only its owner may.</summary>
internal static class LayerPolicyChange
{
    public static async Task<Result<LayerVersion>> ApplyAsync(
        LambdaServices services,
        AwsRequest request,
        string operation,
        Func<LayerVersion?, CommandContext, Result<LayerVersion>> apply)
    {
        if (LayerTarget.ParseVersion(services, request).Failed(out var target, out var wrong))
        {
            return wrong;
        }

        var (layer, version) = target;
        if (layer.RequireOwner(services, request, operation, version) is { } denied)
        {
            return denied;
        }

        var arn = services.Arns.Layer(layer.Account, layer.Name, version);
        var context = new CommandContext(arn, services.Time.GetUtcNow(), services.NewId);
        return await services.Store.WriteAsync<LayerVersion>(
            transaction =>
            {
                var decided = apply(transaction.Layers.Get(layer.Account, layer.Name, version), context);
                if (decided.IsSuccess)
                {
                    transaction.Layers.Put(decided.Value);
                }

                return decided;
            },
            request.Cancellation);
    }
}
