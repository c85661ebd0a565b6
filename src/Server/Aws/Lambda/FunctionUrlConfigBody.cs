using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Lambda.Shapes;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>The body of the operations that set a function URL, read and found to be right.</summary>
internal static class FunctionUrlConfigBody
{
    /// <param name="request">The request.</param>
    /// <param name="requiresAuth">Whether AuthType may not be left out.</param>
    public static Result<FunctionUrlConfigRequest> Read(AwsRequest request, bool requiresAuth)
    {
        if (request.Json(LambdaAccessJson.Wire.FunctionUrlConfigRequest).Failed(out var body, out var unreadable))
        {
            return unreadable;
        }

        var violations = new ConstraintViolations();
        if (requiresAuth)
        {
            violations.Required(body.AuthType, "authType");
        }

        violations.OneOf(body.AuthType, "authType", PermissionRules.FunctionUrlAuthTypes);
        violations.OneOf(body.InvokeMode, "invokeMode", FunctionUrlConfigRequest.InvokeModes);
        var policy = body.Cors?.ToPolicy();
        CrossOriginRules.CheckForm(violations, policy);
        if ((violations.ToError() ?? CrossOriginRules.CheckMeaning(policy)) is { } failure)
        {
            return failure;
        }

        return body;
    }
}
