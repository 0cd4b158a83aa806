using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Slipway.Testing.Registry;

/// <summary>Who may read, and how they show it.</summary>
internal sealed class RegistryLogin(string user, string password, bool withTokens)
{
    public const string TokenPath = "/token";
    private const string Service = "fake-registry";
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly string _basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    public bool Admits(HttpRequest request, string repository)
    {
        var given = request.Headers.Authorization.ToString();
        return withTokens ? given == $"Bearer {Token(Scope(repository))}" : given == _basic;
    }

    public string Challenge(HttpRequest request, string repository) => withTokens
        ? $"""Bearer realm="http://{request.Host}{TokenPath}",service="{Service}",scope="{Scope(repository)}" """.TrimEnd()
        : """Basic realm="fake-registry" """.TrimEnd();

    /// <summary>The token service: basic credentials in, a token for the scope that was asked for out.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization.ToString() != _basic || context.Request.Query["service"] != Service)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        context.Response.ContentType = "application/json";
        var token = new JsonObject { ["token"] = Token(context.Request.Query["scope"].ToString()), ["expires_in"] = 300 };
        await context.Response.WriteAsync(token.ToJsonString());
    }

    private static string Scope(string repository) => $"repository:{repository}:pull";

    private string Token(string scope) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(scope)));
}
