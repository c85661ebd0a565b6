using System.Net;
using System.Text.Json.Nodes;

namespace Lambent.Load.Generators;

/// <summary>Before anything is measured, it must answer what it should: errors are fast.</summary>
internal static class ExpectedAnswer
{
    /// <summary>Sends the request once and checks the answer of hello.</summary>
    /// <exception cref="HttpRequestException">Nobody answers there yet.</exception>
    /// <exception cref="BenchFailureException">The answer is another one.</exception>
    public static async Task CheckAsync(LoadRequest request, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Address);
        foreach (var (name, value) in request.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (request.Body.Length > 0)
        {
            message.Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(request.Body));
        }

        using var answer = await http.SendAsync(message, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        if (answer.StatusCode != HttpStatusCode.OK || !IsHello(text))
        {
            throw new BenchFailureException($"{request.Address} answered {(int)answer.StatusCode}: {text}");
        }
    }

    private static bool IsHello(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["message"]?.GetValue<string>() == "hello";
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
