using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lambent.Server.Aws.Lambda.Shapes;

namespace Lambent.Server.Aws.Lambda;

/// <summary>The shapes of the Lambda API as JSON: members are named as they are, absent ones are left out.</summary>
[JsonSerializable(typeof(CreateFunctionRequest))]
[JsonSerializable(typeof(UpdateFunctionCodeRequest))]
[JsonSerializable(typeof(UpdateFunctionConfigurationRequest))]
[JsonSerializable(typeof(PublishVersionRequest))]
[JsonSerializable(typeof(AliasRequest))]
[JsonSerializable(typeof(FunctionConfigurationShape))]
[JsonSerializable(typeof(GetFunctionResponse))]
[JsonSerializable(typeof(ListFunctionsResponse))]
[JsonSerializable(typeof(ListVersionsResponse))]
[JsonSerializable(typeof(AliasShape))]
[JsonSerializable(typeof(ListAliasesResponse))]
[JsonSerializable(typeof(PublishLayerVersionRequest))]
[JsonSerializable(typeof(LayerVersionShape))]
[JsonSerializable(typeof(ListLayersResponse))]
[JsonSerializable(typeof(ListLayerVersionsResponse))]
[JsonSerializable(typeof(AddLayerVersionPermissionRequest))]
[JsonSerializable(typeof(AddLayerVersionPermissionResponse))]
[JsonSerializable(typeof(GetLayerVersionPolicyResponse))]
[JsonSerializable(typeof(GetFunctionCodeSigningConfigResponse))]
internal sealed partial class LambdaJson : JsonSerializerContext
{
    /// <summary>
    /// Quotes and non-ASCII letters are written as they are: the answers are JSON documents of their own and never
    /// part of a page.
    /// </summary>
    public static LambdaJson Wire { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
