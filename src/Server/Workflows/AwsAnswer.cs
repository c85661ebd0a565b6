using Lambent.Kernel.Values;

namespace Lambent.Server.Workflows;

/// <summary>What an integration's result looks like: the call's answer, and what AWS's SDK says about it.</summary>
internal static class AwsAnswer
{
    public static DataObject With(string requestId, params ReadOnlySpan<(string Name, DataValue Value)> members)
    {
        var answer = new OrderedDictionary<string, DataValue>();
        foreach (var (name, value) in members)
        {
            answer[name] = value;
        }

        answer["SdkHttpMetadata"] = new DataObject(
            ("AllHttpHeaders", new DataObject(("X-Amzn-Requestid", new DataArray([requestId])))),
            ("HttpHeaders", new DataObject(("x-amzn-RequestId", requestId))),
            ("HttpStatusCode", 200));
        answer["SdkResponseMetadata"] = new DataObject(("RequestId", requestId));
        return new DataObject(answer);
    }
}
