using Lambent.Kernel.Functions;

namespace Lambent.Kernel.Environments;

/// <summary>What a function signs its own calls of the platform with.</summary>
public sealed record EnvironmentCredentials(string AccessKeyId, string SecretAccessKey, string SessionToken);

/// <summary>Issues credentials that act as one function of one account.</summary>
public interface IEnvironmentCredentialIssuer
{
    EnvironmentCredentials Issue(FunctionId function, TimeSpan lifetime);
}
