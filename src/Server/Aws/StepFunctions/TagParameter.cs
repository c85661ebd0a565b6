using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Tags as Step Functions writes them: a list of keys and values.</summary>
internal static class TagParameter
{
    public static IReadOnlyDictionary<string, string> Tags(this JsonInput input)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in input.Structures("tags"))
        {
            var key = tag.Text("key", 1, Limits.TagKeyLengthMax);
            var value = tag.Text("value", 0, Limits.TagValueLengthMax);
            if (key is not null)
            {
                tags[key] = value ?? "";
            }
        }

        return tags;
    }
}
