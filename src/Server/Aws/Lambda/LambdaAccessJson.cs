using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lambent.Server.Aws.Lambda.Shapes;

namespace Lambent.Server.Aws.Lambda;

/// <summary>The shapes of <see cref="LambdaAccessOperations"/> as JSON; absent members are left out.</summary>
[JsonSerializable(typeof(AddPermissionRequest))]
[JsonSerializable(typeof(AddPermissionResponse))]
[JsonSerializable(typeof(GetPolicyResponse))]
[JsonSerializable(typeof(ConcurrencyShape))]
[JsonSerializable(typeof(PutProvisionedConcurrencyConfigRequest))]
[JsonSerializable(typeof(ProvisionedConcurrencyShape))]
[JsonSerializable(typeof(ListProvisionedConcurrencyConfigsResponse))]
[JsonSerializable(typeof(FunctionUrlConfigRequest))]
[JsonSerializable(typeof(FunctionUrlConfigShape))]
[JsonSerializable(typeof(ListFunctionUrlConfigsResponse))]
[JsonSerializable(typeof(TagsShape))]
[JsonSerializable(typeof(AccountSettingsShape))]
[JsonSerializable(typeof(RecursionConfigShape))]
[JsonSerializable(typeof(RuntimeManagementConfigShape))]
[JsonSerializable(typeof(EventInvokeConfigRequest))]
[JsonSerializable(typeof(EventInvokeConfigShape))]
[JsonSerializable(typeof(ListEventInvokeConfigsResponse))]
internal sealed partial class LambdaAccessJson : JsonSerializerContext
{
    public static LambdaAccessJson Wire { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
