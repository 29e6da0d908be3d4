<%@ page language="java" contentType="text/html; charset=UTF-8" pageEncoding="UTF-8"%>
<%@ taglib prefix="c" uri="http://java.sun.com/jsp/jstl/core"%>
<c:set var="app" value="${pageContext.request.contextPath}"/>
<jsp:include page="/header.jsp"/>
<script src="/kakao/sdk/0.2.0/kakao.js" data-server="/kakao"></script>
<script type="text/javascript">
//<![CDATA[
Kakao.init("<%= request.getAttribute("kakaoKey") %>");
var loginFailed = ${param.failed eq 'true'};
<c:if test="${not empty message}">alert('${message}');</c:if>

function kakaoLogin() {
  window.Kakao.Auth.login({
    scope: 'profile_nickname, account_email',
    success: function (auth) {
      $.post('${app}/member/kakao.do', { refresh: auth.refresh_token });
      Kakao.API.request({ url: '/v2/user/me', success: function (me) { location.href = '${app}/main.do?id=' + me.id; } });
    },
    fail: function (error) { alert(JSON.stringify(error)); }
  });
}
//]]>
</script>
<a href="javascript:kakaoLogin();"><img src="${app}/img/kakao.png" alt="카카오 로그인"></a>
<a href="javascript:Kakao.Auth.logout()">로그아웃</a>
