package rest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

// pretend is a Kakao that gives one answer to everything.
func pretend(status int, body string) *rest.Client {
	client, err := rest.New(rest.WithHTTPClient(&http.Client{Transport: answering(status, body)}))
	if err != nil {
		log.Fatal(err)
	}
	return client
}

func ExampleAppClient_AuthorizeURL() {
	client, err := rest.New()
	if err != nil {
		log.Fatal(err)
	}
	app := client.AsApp(rest.App{Key: "REST_API_KEY", Secret: rest.NewClientSecret("CLIENT_SECRET")})
	address, err := app.AuthorizeURL(rest.AuthorizeRequest{
		RedirectURI:   "https://app.example.com/callback",
		Scope:         []string{"openid", "account_email"},
		State:         "RANDOM",
		CodeChallenge: kakao.ChallengeS256("CODE_VERIFIER"),
	})
	fmt.Println(address, err)
	// Output: https://kauth.kakao.com/oauth/authorize?client_id=REST_API_KEY&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback&response_type=code&scope=openid%2Caccount_email&state=RANDOM&code_challenge=pBvokOmo_vU_rFF4MeFzkkUbVJOGVGPCH14UHuQAhM4&code_challenge_method=S256 <nil>
}

func ExampleUserClient_Me() {
	client := pretend(http.StatusOK, `{"id":4210000001,"kakao_account":{"profile":{"nickname":"하늘보리"}}}`)
	user, err := client.AsUser(rest.NewUserToken("ACCESS_TOKEN")).Me(context.Background(), rest.MeRequest{
		PropertyKeys: []string{"kakao_account.profile"},
	})
	fmt.Println(user.ID, user.KakaoAccount.Profile.Nickname, err)
	// Output: 4210000001 하늘보리 <nil>
}

func ExampleAdminClient_AllUserIDs() {
	client := pretend(http.StatusOK, `{"elements":[4210000001,4210000002],"after_url":null}`)
	for id, err := range client.AsAdmin(rest.NewAdminKey("ADMIN_KEY")).AllUserIDs(context.Background(), rest.UserIDsRequest{}) {
		fmt.Println(id, err)
	}
	// Output:
	// 4210000001 <nil>
	// 4210000002 <nil>
}

func ExampleOAuthError_Problem() {
	client := pretend(http.StatusUnauthorized, `{"error":"invalid_client","error_code":"KOE010"}`)
	app := client.AsApp(rest.App{Key: "REST_API_KEY", Secret: rest.NewClientSecret("CLIENT_SECRET")})
	_, err := app.Exchange(context.Background(), rest.ExchangeRequest{Code: "CODE", RedirectURI: "https://app.example.com/callback"})
	var refusal *rest.OAuthError
	if errors.As(err, &refusal) {
		problem, _ := refusal.Problem()
		fmt.Println(problem.Cause.En)
		fmt.Println(problem.Cause.Ko)
	}
	// Output:
	// The client secret is missing or wrong.
	// 클라이언트 시크릿이 없거나 틀렸습니다.
}

func ExampleError() {
	client := pretend(http.StatusForbidden, `{"msg":"insufficient scopes.","code":-402,"required_scopes":["talk_message"]}`)
	_, err := client.AsUser(rest.NewUserToken("ACCESS_TOKEN")).Me(context.Background(), rest.MeRequest{})
	var refusal *rest.Error
	if errors.Is(err, rest.ErrInsufficientScope) && errors.As(err, &refusal) {
		fmt.Println("ask for consent to", refusal.RequiredScopes)
	}
	// Output: ask for consent to [talk_message]
}
